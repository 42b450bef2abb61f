import type { Run } from '../../../harness/contracts/run.ts'
import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { textWidth } from '../../../harness/terminal/text-table.ts'
import { summarize } from '../../summary/summarize.ts'
import { fixtureRun } from '../../testing/fixture-run.ts'
import { runTerminal } from './run.ts'

const { run, samples } = fixtureRun()
const summary = summarize(run, samples)
const at = (width: number) => runTerminal(summary, width, false)

describe('runTerminal', () => {
  it('shows each configuration with figure and answer to each question, the controls last', () => {
    const rows = at(100).split('\n')
    expect(rows.find((row) => row.startsWith('overlay2@ext4 '))).toMatch(
      /^overlay2@ext4 +260 ms ▲▲192× +157 ms ▲1\.8× +1,856 ▲4\.5× +29 ms \?1\.0×$/,
    )
    expect(rows.find((row) => row.startsWith('vfs@ext4 '))).toMatch(
      /1\.2 s\* ▲▲890× .* 8,272 ★ +461 ms ▲▲16×$/,
    )
    expect(rows.find((row) => row.startsWith('blockcow '))).toMatch(/failed$/)
    expect(rows.findIndex((row) => row.startsWith('bare@'))).toBeGreaterThan(
      rows.findIndex((row) => row.startsWith('blockcow')),
    )
    expect(rows.some((row) => row.startsWith('devicemapper'))).toBe(false)
  })

  it('explains the signs that are there', () => {
    expect(at(200)).toContain('\n★ best  ☆ best so far  ▲ dearer  ▲▲ 10×+  ? not known yet  * in prepare\n')
    const small = fixtureRun({ configurations: ['bare@ext4', 'overlay2@ext4'], scenarios: ['bigfile'] })
    expect(runTerminal(summarize(small.run, small.samples), 100, false)).toMatch(
      /\noverlay2@ext4 +\d+ ms ▲▲\d+×\n.*\n▲▲ 10×\+\n/,
    )
  })

  it('takes at most 40 lines of 100 columns for 12 configurations and 5 questions, the path of the page included', () => {
    const whole = fixtureRun()
    const again = (name: string) => `${name}2`
    const isTwice = (name: string) => !/^(bare|blockcow|btrfs)|reflink/.test(name)
    const copies = whole.run.cells.flatMap((cell) => [
      ...(isTwice(cell.configuration)
        ? [{ ...cell, id: `${cell.id}2`, configuration: again(cell.configuration) }]
        : []),
      ...(cell.scenario === 'startup' ? [{ ...cell, id: `${cell.id}3`, scenario: 'more' }] : []),
    ])
    const sources = new Map(copies.map(({ id }) => [id, id.slice(0, -1)]))
    const { run: known } = whole
    const large: Run = {
      ...known,
      drivers: known.drivers.flatMap((info) =>
        isTwice(info.configuration) ? [info, { ...info, configuration: again(info.configuration) }] : [info],
      ),
      scenarios: known.scenarios.flatMap((info) =>
        info.id === 'startup' ? [info, { ...info, id: 'more' }] : [info],
      ),
      cells: [...known.cells, ...copies],
      outcomes: Object.fromEntries(
        [...known.cells, ...copies].map(({ id }) => [
          id,
          known.outcomes[sources.get(id) ?? id] ?? { state: 'pending' },
        ]),
      ),
    }
    const all = whole.samples.flatMap((sample) => [
      sample,
      ...[...sources].flatMap(([id, source]) => (source === sample.cell ? [{ ...sample, cell: id }] : [])),
    ])
    const text = runTerminal(summarize(large, all), 100, false)
    expect(text).toMatch(/^ +bigfile +smallwrites +smallwrites +startup +more$/m)
    expect(text.split('\n').length, text).toBeLessThanOrEqual(40 - 1)
  })

  it.each([160, 100, 80, 60, 40])('draws no line wider than a terminal of %i columns', (width) => {
    for (const line of at(width).split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(width)
  })

  it('shows every question in parts where the terminal is narrow', () => {
    const heads = at(60)
      .match(/^ +bigfile.*$|^ +smallwrites.*$/gm)
      ?.join(' ')
    expect(heads?.match(/bigfile|smallwrites|startup/g)).toEqual([
      'bigfile',
      'smallwrites',
      'smallwrites',
      'startup',
    ])
  })

  it('prints the tables only where they are asked for', () => {
    expect(at(160)).not.toContain('÷ control')
    const whole = runTerminal(summary, 160, false, true)
    expect(whole.startsWith(at(160))).toBe(true)
    expect(whole).toContain('÷ control')
  })

  it('colours the same text', () => {
    const coloured = runTerminal(summary, 100, true)
    expect(coloured).toContain('\u001b[')
    expect(stripVTControlCharacters(coloured)).toBe(at(100))
  })
})
