import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { summarize } from '../../summary/summarize.ts'
import { renderTables } from './tables.ts'
import { fixtureRun } from '../../testing/fixture-run.ts'

const { run, samples } = fixtureRun({
  configurations: ['bare@ext4', 'overlay2@ext4', 'blockcow'],
  scenarios: ['startup'],
})
const small = summarize(run, samples)
const everything = fixtureRun()
const full = summarize(everything.run, everything.samples)

describe('renderTables', () => {
  it('has a row for each cell: median, interval, ratio, samples, bytes, mechanism, state', () => {
    expect(renderTables(small, 170, false)).toBe(
      [
        'Starting a container · small image, 8 layers',
        'Prepare to ready',
        'configuration       median        interval  ÷ control  unconverged  difference   sees        n  of device  written  mechanism  state',
        'bare@ext4          28.6 ms  28.3 – 30.9 ms          –            –  –               –       12          –   16 KiB  none       2 modes, 3 outliers',
        'overlay2@ext4      29.5 ms  28.8 – 30.2 ms      1.03×            –  not shown   8.6 %       12          –   16 KiB  copied up  completed',
        'blockcow                 –               –          –            –  –               –  0 of 12          –        –  –          failed: runc ended with code 1: unable t…',
        'devicemapper@ext4        –               –          –            –  –               –        0          –        –  –          unsupported: this kernel has no device m…',
      ].join('\n'),
    )
  })

  it.each([200, 120, 100, 80, 60, 48, 40, 32])('fits a terminal of %i columns', (width) => {
    const rows = renderTables(full, width, false)
      .split('\n')
      .filter((line) => line.includes('  '))
    expect(Math.max(...rows.map(({ length }) => length))).toBeLessThanOrEqual(width)
  })

  it('keeps driver and median however narrow, and ratio and state as long as it can', () => {
    const heads = (width: number) => renderTables(small, width, false).split('\n')[2]?.trim().split(/ {2,}/)
    expect(heads(110)).toEqual([
      'configuration',
      'median',
      'interval',
      '÷ control',
      'unconverged',
      'difference',
      'state',
    ])
    expect(heads(60)).toEqual(['configuration', 'median', '÷ control', 'unconverged'])
    expect(heads(30)).toEqual(['configuration', 'median'])
  })

  it('shows every cell of every scenario, and once more where it has a ledger', () => {
    const lines = renderTables(full, 200, false).split('\n')
    const configurations = new Set(everything.run.drivers.map(({ configuration }) => configuration))
    const rows = lines.filter((line) => configurations.has(line.split(' ')[0] ?? ''))
    const ledgers = full.cells.filter(({ ledger }) => ledger !== null)
    expect(ledgers).not.toEqual([])
    expect(rows).toHaveLength(everything.run.cells.length + ledgers.length)
  })

  it('colours the same text', () => {
    const coloured = renderTables(small, 140, true)
    expect(coloured).toContain('\u001b[')
    expect(stripVTControlCharacters(coloured)).toBe(renderTables(small, 140, false))
  })
})
