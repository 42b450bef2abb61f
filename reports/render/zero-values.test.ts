import { describe, expect, test } from 'vitest'
import { rowSchema } from '../../harness/contracts/row.ts'
import { summarize } from '../summary/summarize.ts'
import { smallRun, smallSample } from '../testing/small-run.ts'
import { runHtml } from './html/run.ts'
import { runMarkdown } from './markdown/run.ts'
import { runTerminal } from './terminal/run.ts'

/** Reports a run whose headline is a rate, with the values of each configuration by round; the first is the control. */
function reportOf(rates: Readonly<Record<string, readonly number[]>>, better: 'higher' | 'lower' = 'higher') {
  const run = smallRun(Object.keys(rates))
  const unit = better === 'higher' ? ('iops' as const) : ('s' as const)
  const scenarios = run.scenarios.map((scenario) => ({
    ...scenario,
    phases: scenario.phases
      .filter(({ id }) => id === 'all')
      .map((phase) => ({ ...phase, unit, better, sum: [] })),
  }))
  const samples = Object.entries(rates).flatMap(([configuration, values]) =>
    values.map((all, round) => smallSample(`${configuration}|`, round, { all })),
  )
  const summary = summarize({ ...run, scenarios }, samples)
  return {
    rows: summary.rows,
    terminal: runTerminal(summary, 200, false),
    markdown: runMarkdown(summary),
    page: ownPartOf(runHtml(summary, samples)),
  }
}

const steady = (value: number) =>
  Array.from({ length: 12 }, (_, round) => value * (1 + ((round * 7) % 11) / 100))
const same = (value: number) => Array.from({ length: 12 }, () => value)

/** Returns what the page shows and its charts' data, without the library that draws them. */
const ownPartOf = (page: string) => page.slice(0, page.indexOf('Chart.js v'))

describe('a value of 0 within a run', () => {
  const rowOf = (report: ReturnType<typeof reportOf>, configuration: string) => {
    const [row] = report.rows.filter((one) => one.configuration === configuration && one.phase === 'all')
    return rowSchema.parse(JSON.parse(JSON.stringify(row)))
  }

  test('as a rate is the worst there is', () => {
    const report = reportOf({ bare: steady(1000), fast: steady(900), stopped: same(0) })
    expect(rowOf(report, 'stopped')).toMatchObject({ median: 0, ratio: 0, verdict: 'different' })
    for (const text of [report.terminal, report.markdown, report.page]) {
      expect(text).not.toMatch(/NaN|Infinity|undefined/)
    }
    expect(report.terminal).toContain('Avoid stopped (stopped).')
    expect(report.page).toContain('Cells with a median of 0 are in the table alone.')
  })

  test('as the rate of the control makes every other rate a difference', () => {
    const report = reportOf({ bare: same(0), going: steady(900), stopped: same(0) })
    expect(rowOf(report, 'going')).toMatchObject({ ratio: null, verdict: 'different' })
    expect(rowOf(report, 'stopped')).toMatchObject({ ratio: 1, verdict: 'not-shown' })
    expect(report.page).not.toMatch(/NaN|Infinity/)
  })

  test('as a time is too short to be measured', () => {
    const report = reportOf({ bare: steady(1), none: same(0), some: steady(2) }, 'lower')
    expect(rowOf(report, 'none')).toMatchObject({ ratio: 0, verdict: 'different' })
    expect(report.terminal).toContain(
      'none is best (too short to be measured, cheaper than a plain directory). Avoid some.',
    )
  })

  test('in a single round does not end the judging of its cell', () => {
    const once = reportOf({ bare: steady(1000), often: [0, ...steady(500).slice(1)] })
    expect(rowOf(once, 'often')).toMatchObject({ verdict: 'different' })
    expect(rowOf(once, 'often').ratio).toBeCloseTo(0.5, 1)
  })
})
