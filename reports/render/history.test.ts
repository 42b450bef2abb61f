import { describe, expect, it } from 'vitest'
import type { HistoryRun } from '../../harness/contracts/history.ts'
import { textWidth } from '../../harness/terminal/text-table.ts'
import { historyOf } from '../history/history.ts'
import { from, nights } from '../testing/fixture-nights.ts'
import { historyHtml } from './html/history.ts'
import { historyTerminal } from './terminal/history.ts'

const follow = (runs: readonly HistoryRun[]) => historyOf(runs, [], { threshold: 0.05 })

describe('on a terminal', () => {
  const history = follow(
    nights(90, (number) => ({ factors: { first: number >= 40 ? 1.3 : 1, second: number >= 70 ? 0.7 : 1 } })),
  )

  it.each([200, 120, 80, 60])('no line is wider than %i columns', (width) => {
    const lines = historyTerminal(history, width, false).split('\n')
    expect(lines.filter((line) => textWidth(line) > width)).toEqual([])
    expect(lines[0]).toMatch(/^1 change for the worse is open/)
  })
})

describe('the page', () => {
  it('draws each cell on each host, and asks nothing of anyone', () => {
    const history = follow(nights(60, from(40, { factors: { first: 1.3 } })))
    const page = historyHtml(history, '0.0.0')
    expect(page.match(/<svg /g)).toHaveLength(7)
    expect(page.match(/<path class="mark-open"/g)).toHaveLength(1)
    expect(page).not.toMatch(/(?:src|href)="https?:/)
    expect(page).not.toMatch(/NaN|Infinity/)
  })

  it('draws a long history with few points', () => {
    const page = historyHtml(follow(nights(3000, () => ({}))), '0.0.0')
    expect(page.length).toBeLessThan(200_000)
  })
})
