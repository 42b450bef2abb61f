import { describe, expect, it } from 'vitest'
import type { Tally } from '../../../../harness/contracts/phase.ts'
import type { Sample } from '../../../../harness/contracts/sample.ts'
import { summarize } from '../../../summary/summarize.ts'
import type { Panel } from '../../../summary/types.ts'
import { FIXTURE_CALIBRATION } from '../../../testing/fixture-calibration.ts'
import { fixtureRun } from '../../../testing/fixture-run.ts'
import { smallRun, smallSample } from '../../../testing/small-run.ts'
import { countersTable } from './counters-table.ts'
import { headlineTable } from './headline-table.ts'
import { assignStyles } from './palette.ts'
import { phasesTable } from './phases-table.ts'
import type { TableView } from './table.ts'
import { talliesTable } from './tallies-table.ts'

const configurations = ['control', 'driver']

/** The only panel of a run in which the driver takes so long in each round, and the control 1 s. */
function panelOf(
  values: readonly number[],
  rest: (round: number) => Partial<Sample> = () => ({}),
  tallies: readonly Tally[] = [],
): Panel {
  const small = smallRun(configurations)
  const scenarios = small.scenarios.map((scenario) => ({ ...scenario, tallies: [...tallies] }))
  const run = { ...small, scenarios, calibration: FIXTURE_CALIBRATION }
  const samples = values.flatMap((open, round) => [
    smallSample('driver|', round, { open, sync: 0 }, rest(round)),
    smallSample('control|', round, { open: 1, sync: 0 }),
  ])
  const [panel] = summarize(run, samples).panels
  if (panel === undefined) throw new Error('no panel')
  return panel
}

const styles = assignStyles(smallRun(configurations).drivers)

/** Returns the cells of the configuration's row, by the title of the column. */
function rowOf(view: TableView | null) {
  const row = view?.groups[0]?.rows.find(({ configuration }) => configuration.name === 'driver')
  return Object.fromEntries(
    (view?.columns ?? []).map(({ title }, nth) => {
      const { text = '', subs = [], marks = [] } = row?.cells[nth] ?? {}
      return [title, [text, ...subs, ...marks].join(' | ')]
    }),
  )
}

const steady = (value: number, count = 12) =>
  Array.from({ length: count }, (_, round) => value * (1 + ((round * 5) % 7) / 1000))

describe('the table of headlines', () => {
  it('says how far each figure can be trusted', () => {
    const row = rowOf(headlineTable(panelOf(steady(3)), styles))
    expect(row['÷ control']).toMatch(/^3\.0\d× \| 3\.0\d – 3\.0\d$/)
    expect(row['Answer']).toMatch(/^dearer \| p < 0\.001$/)
    expect(row['Over the run']).toBe('')
  })

  it('marks a ratio that is unconverged and an answer that is not known yet', () => {
    const scattered = Array.from({ length: 12 }, (_, round) => 0.7 + ((round * 5) % 12) / 20)
    const row = rowOf(headlineTable(panelOf(scattered), styles))
    expect(row['÷ control']).toMatch(/ \| ± \d+ %$/)
    expect(row['Answer']).toMatch(/^not known yet \| p 0\.\d+ \| sees \d+ %$/)
  })

  it('shows both modes, and outliers by their number', () => {
    const row = rowOf(headlineTable(panelOf([...steady(1), ...steady(2, 6)]), styles))
    expect(row['Median']).toMatch(/2 modes: \| 1\.00 s, 67 % \| 2\.01 s, 33 %$/)
    expect(rowOf(headlineTable(panelOf([...steady(1, 20), 9]), styles))['Samples']).toBe('21 | 1 outlier')
  })

  it('has columns for high percentiles only where there are some, and else says what they need', () => {
    const few = headlineTable(panelOf(steady(1, 58)), styles)
    expect(few.columns.map(({ title }) => title)).not.toContain('p95')
    expect(few.note).toMatch(/p95 needs at least 59 samples, p99 needs at least 299 samples\.$/)
    const more = headlineTable(panelOf(steady(1, 59)), styles)
    expect(rowOf(more)['p95']).toMatch(/^1\.0\d s \| 1\.0\d – 1\.0\d s$/)
    expect(more.note).toMatch(/ p99 needs at least 299 samples\.$/)
  })

  it('compares a copy-up with the device, but not a change that copied nothing', () => {
    const { run, samples } = fixtureRun({ scenarios: ['bigfile'] })
    const summary = summarize(run, samples)
    const [panel] = summary.panels
    if (panel === undefined) throw new Error('no panel')
    const view = headlineTable(panel, assignStyles(run.drivers))
    const column = view.columns.findIndex(({ title }) => title === 'Of the device')
    const bars = view.groups
      .at(-1)
      ?.rows.map(({ configuration, cells }) => [configuration.name, cells[column]?.bar ?? ''])
    expect(Object.fromEntries(bars ?? [])).toMatchObject({
      'overlay2@ext4': '78%',
      'overlay2@xfs': '',
      btrfs: '',
      'bare@ext4': '',
    })
    expect(view.note).toContain(
      'of the 1.28 GiB/s of sequential write+flush that it does without a file system',
    )
  })
})

describe('the table of every phase', () => {
  it('compares each with the control by a p of its own, and marks what is below the floor', () => {
    const row = rowOf(phasesTable(panelOf(steady(3e-6)), styles))
    expect(row['Open']).toMatch(/ \| 3\.0e-6×, p < 0\.001 \| below the floor$/)
    expect(row['All of it']).toMatch(/below the floor$/)
    expect(phasesTable(panelOf(steady(3)), styles)?.note).toContain('not adjusted')
  })
})

describe('the table of counters', () => {
  const io = (round: number): Partial<Sample> => ({
    io: { total: { bytesRead: 0, bytesWritten: 4096 + round, reads: 0, writes: 3, flushes: 2 } },
  })

  it('says where every round gave the same number', () => {
    const row = rowOf(countersTable(panelOf(steady(1), io), styles))
    expect(row['Flushes']).toBe('2 | exact')
    expect(row['Written']).toBe('4.01 KiB')
  })

  it('leaves out what was not counted, and itself where nothing was', () => {
    const view = countersTable(panelOf(steady(1), io), styles)
    expect(view?.columns.map(({ title }) => title)).toEqual(['Written', 'Writes', 'Flushes', 'Read', 'Reads'])
    expect(countersTable(panelOf(steady(1)), styles)).toBeNull()
  })
})

describe('the table of what was changed', () => {
  const tallies: Tally[] = [
    { id: 'copiedUp', bytes: 'copiedUpBytes', title: 'Copied up' },
    { id: 'created', bytes: 'createdBytes', title: 'Created' },
    { id: 'whiteouts', title: 'Whiteouts' },
    { id: 'never', title: 'Never' },
  ]
  const witness = (round: number): Partial<Sample> => ({
    witness: {
      mechanism: null,
      before: null,
      after: null,
      containerHash: null,
      lowerHash: null,
      bytesChanged: null,
      details: { copiedUp: 3, copiedUpBytes: 4096, created: 2, createdBytes: 100 + round, whiteouts: 0 },
    },
  })

  it('has the numbers of the witness, and leaves out what no sample counted', () => {
    const view = talliesTable(panelOf(steady(1), witness, tallies), styles)
    expect(rowOf(view)).toEqual({
      'Copied up': '3 | 4 KiB | exact',
      Created: '2 | 106 B',
      Whiteouts: '0 | exact',
    })
  })

  it('is not there where the scenario counts nothing', () => {
    expect(talliesTable(panelOf(steady(1), witness), styles)).toBeNull()
  })
})
