import { describe, expect, it } from 'vitest'
import { rowSchema } from '../../harness/contracts/row.ts'
import type { Sample } from '../../harness/contracts/sample.ts'
import { fixtureRun } from '../testing/fixture-run.ts'
import { smallRun, smallSample } from '../testing/small-run.ts'
import { summarize } from './summarize.ts'

const io = (bytesWritten: number) => ({ bytesRead: 0, bytesWritten, reads: 0, writes: 1, flushes: 0 })
const witness = (mechanism: 'copied-up' | 'cloned', bytesChanged: number | null): Sample['witness'] => ({
  mechanism,
  before: null,
  after: null,
  containerHash: null,
  lowerHash: null,
  bytesChanged,
})

/** Five rounds: the driver takes 2, 4, 6, 8, 10 s in all, the control half of it. */
function fiveRounds() {
  const run = smallRun(['control', 'driver'])
  const samples = [1, 2, 3, 4, 5].flatMap((step) => [
    smallSample(
      'driver|',
      step,
      { open: step, sync: step },
      { io: { open: io(100 * step), total: io(1000) } },
    ),
    smallSample('control|', step, { open: step / 2, sync: step / 2 }),
  ])
  return { run, samples }
}

describe('summarize', () => {
  it('makes a valid row for each cell and phase, in the order of the cells and of the scenario', () => {
    const { run, samples } = fixtureRun()
    const { rows } = summarize(run, samples)
    for (const row of rows) expect(rowSchema.strict().parse(row)).toEqual(row)
    const order = rows.map(({ configuration, scenario, params, cache }) =>
      JSON.stringify([configuration, scenario, params, cache]),
    )
    const cells = run.cells.map(({ configuration, scenario, params, cache }) =>
      JSON.stringify([configuration, scenario, params, cache]),
    )
    expect([...new Set(order)]).toEqual(cells)
  })

  it('gives the answer beside the control on the row of the headline, and that beside the best where it is compared', () => {
    const { run, samples } = fixtureRun({ scenarios: ['bigfile'] })
    const { rows } = summarize(run, samples)
    const rowOf = (configuration: string, phase: string, size = '256M') =>
      rows.find(
        (row) => row.configuration === configuration && row.phase === phase && row.params['size'] === size,
      )
    const copied = rowOf('overlay2@ext4', 'first-write')
    expect(copied).toMatchObject({
      answer: 'dearer',
      answerRounds: null,
      toBest: { answer: 'dearer', rounds: null },
    })
    expect(copied?.answerAtLeast).toBeGreaterThan(100)
    expect(copied?.toBest?.atLeast).toBeGreaterThan(100)
    expect(rowOf('overlay2@ext4', 'first-write', '16M')).toMatchObject({ answer: 'dearer', toBest: null })
    expect(rowOf('overlay2@ext4', 'open')).toMatchObject({ answer: null, toBest: null })
    expect(rowOf('vfs@ext4', 'prepare')).toMatchObject({ answer: null, toBest: { answer: 'dearer' } })
    expect(rowOf('vfs@ext4', 'first-write')?.toBest).toBeNull()
    expect(rowOf('overlay2@xfs', 'first-write')?.toBest).toBeNull()
    expect(rowOf('bare@ext4', 'first-write')).toMatchObject({ answer: null, toBest: null })
  })

  it('tells median, interval with its coverage, ratio by pairs, and the sum of the parts that are reported', () => {
    const { run, samples } = fiveRounds()
    const row = summarize(run, samples).rows.find(
      ({ configuration, phase }) => configuration === 'driver' && phase === 'all',
    )
    expect(row).toMatchObject({
      n: 5,
      median: 6,
      low: 2,
      high: 10,
      p95: null,
      control: 'control',
      unit: 's',
    })
    expect(row?.coverage).toBeCloseTo(0.9375, 10)
    for (const ratio of [row?.ratio, row?.ratioLow, row?.ratioHigh]) expect(ratio).toBeCloseTo(2, 10)
  })

  it('takes bytes written from the phase, and from its parts only where all were counted', () => {
    const { run, samples } = fiveRounds()
    const written = summarize(run, samples).rows.flatMap(({ configuration, bytesWritten }) =>
      configuration === 'driver' ? [bytesWritten] : [],
    )
    expect(written).toEqual([300, null, null])
    expect(summarize(run, samples).cells[1]?.counters.bytesWritten?.median).toBe(1000)
  })

  it('counts failed samples, shows why, and takes no figure from them', () => {
    const { run, samples } = fiveRounds()
    const reason = 'other bytes than the image holds'
    samples.push(smallSample('driver|', 6, { open: 1e6, sync: 1e6 }, { state: 'failed', reason }))
    const summary = summarize(run, samples)
    const row = summary.rows.find(({ configuration }) => configuration === 'driver')
    expect(summary.samples).toEqual({ completed: 10, failed: 1, aborted: 0 })
    expect(row).toMatchObject({ n: 5, median: 3 })
    expect(row?.warnings).toContainEqual({
      code: 'sample.failed',
      message: `samples failed: ${reason} (1 of 6 samples)`,
    })
  })

  it('gives a cell without samples one row, with its reason and hint', () => {
    const run = smallRun(['control', 'driver'])
    run.outcomes['driver|'] = {
      state: 'unsupported',
      code: 'x',
      reason: 'no such kernel',
      hint: 'another kernel',
    }
    delete run.outcomes['control|']
    expect(summarize(run, []).rows).toMatchObject([
      { configuration: 'control', phase: null, state: 'pending', n: 0, median: null, reason: null },
      {
        configuration: 'driver',
        phase: null,
        state: 'unsupported',
        reason: 'no such kernel',
        hint: 'another kernel',
      },
    ])
  })

  it('keeps what was measured of a cell that failed later', () => {
    const { run, samples } = fiveRounds()
    run.outcomes['driver|'] = { state: 'failed', code: 'x', reason: 'disk gone', hint: 'look at it' }
    const row = summarize(run, samples).rows.find(
      ({ configuration, phase }) => configuration === 'driver' && phase === 'all',
    )
    expect(row).toMatchObject({ state: 'failed', n: 5, median: 6, reason: 'disk gone' })
  })

  it('lists mechanisms that the samples do not agree on, and warns', () => {
    const run = smallRun(['control', 'driver'])
    const samples = (['cloned', 'copied-up', 'cloned'] as const).map((mechanism, round) =>
      smallSample('driver|', round, { open: 1, sync: 1 }, { witness: witness(mechanism, 1) }),
    )
    const cell = summarize(run, samples).cells[1]
    expect(cell?.mechanism).toBe('cloned (2), copied-up (1)')
    expect(cell?.warnings).toMatchObject([{ code: 'witness.mechanisms-differ', count: 1 }])
    expect(summarize(run, samples.slice(0, 1)).cells[1]?.mechanism).toBe('cloned')
  })

  it('tells write amplification only where it is known what was changed', () => {
    const run = smallRun(['control', 'driver'])
    const sample = (bytesChanged: number | null) =>
      smallSample('driver|', 1, {}, { io: { total: io(4096) }, witness: witness('cloned', bytesChanged) })
    expect(summarize(run, [sample(2)]).cells[1]?.counters.writeAmplification?.median ?? null).toBe(2048)
    expect(summarize(run, [sample(null)]).cells[1]?.counters.writeAmplification?.median ?? null).toBeNull()
    expect(summarize(run, [sample(0)]).cells[1]?.counters.writeAmplification?.median ?? null).toBeNull()
  })

  it('gathers warnings of one code, once a sample, with a count', () => {
    const run = smallRun(['control', 'driver'])
    const warning = { code: 'cache.not-verified', message: 'still cached' }
    const samples = [1, 2, 3].map((round) =>
      smallSample('driver|', round, {}, { warnings: [warning, warning] }),
    )
    run.warnings.push({ code: 'host.governor', message: 'ondemand' })
    expect(summarize(run, samples).warnings).toEqual([
      { ...warning, of: 'sample', count: 3 },
      { code: 'host.governor', message: 'ondemand', of: 'run', count: 1 },
    ])
  })

  it('refuses a run that measures what it does not describe', () => {
    const { run, samples } = fixtureRun({ rounds: 1 })
    expect(() => summarize({ ...run, drivers: [] }, samples)).toThrow(/does not describe it/)
    expect(() => summarize({ ...run, scenarios: [] }, samples)).toThrow(/does not describe it/)
    expect(() => summarize({ ...run, cells: run.cells.slice(1) }, samples)).toThrow(/does not describe it/)
  })

  it('tells p95 and p99 only from enough samples', () => {
    const rowsOf = (rounds: number) => {
      const { run, samples } = fixtureRun({ rounds, configurations: ['btrfs'], scenarios: ['startup'] })
      return summarize(run, samples).rows.filter(({ configuration }) => configuration === 'btrfs')
    }
    for (const row of rowsOf(58)) expect(row).toMatchObject({ p95: null, p99: null })
    for (const row of rowsOf(59)) expect(row.p95).toBeGreaterThan(row.median ?? Infinity)
    for (const row of rowsOf(299)) expect(row.p99).toBeGreaterThanOrEqual(row.p95 ?? Infinity)
  })

  it('adjusts p over the headline ratios of the run, and no other phase’s', () => {
    const { run, samples } = fixtureRun()
    const { rows, ratios } = summarize(run, samples)
    const headlines = new Set(
      run.scenarios
        .flatMap(({ phases }) => phases.filter(({ headline }) => headline === true))
        .map(({ id }) => id),
    )
    const judged = rows.filter(({ pAdjusted }) => pAdjusted !== null)
    expect(judged).toHaveLength(ratios.all)
    for (const { p, pAdjusted } of judged) expect(pAdjusted).toBeGreaterThanOrEqual(p ?? 1)
    for (const row of rows) {
      const isHeadline = headlines.has(row.phase ?? '')
      expect(row.pAdjusted === null && isHeadline ? row.ratio : null).toBeNull()
      expect(row.verdict === 'different' ? (row.pAdjusted ?? row.p) : 0).toBeLessThan(0.05)
      expect(row.converged === null).toBe(row.pAdjusted === null)
    }
  })

  it('counts outliers and tells modes, and leaves nothing out of the median', () => {
    const run = smallRun(['control'])
    const rowOf = (values: readonly number[]) =>
      summarize(
        run,
        values.map((open, round) => smallSample('control|', round, { open, sync: 0 })),
      ).rows.find(({ phase }) => phase === 'all')
    const scatter = [1, 1.01, 1.02, 1.03, 1.04, 1.05, 1.06]
    expect(rowOf([...scatter, 9])).toMatchObject({
      n: 8,
      median: expect.closeTo(1.035, 10),
      outliers: 1,
      modes: [],
    })
    const twice = scatter.map((value) => 3 * value)
    expect(rowOf([...scatter, ...twice])).toMatchObject({
      n: 14,
      modes: [
        { center: 1.03, share: 0.5 },
        { center: expect.closeTo(3.09, 10), share: 0.5 },
      ],
    })
  })

  it('tells what is injected, and a labelled configuration’s equal as its control', () => {
    const { run, samples } = fixtureRun({
      configurations: ['bare@ext4', 'overlay2@ext4', 'overlay2@ext4#delayed'],
    })
    const { cells } = summarize(run, samples)
    const delayed = cells.filter(({ cell }) => cell.configuration === 'overlay2@ext4#delayed')
    expect(delayed).not.toHaveLength(0)
    for (const { injected, control } of delayed) {
      expect(injected).toBe(0.05)
      expect(control?.configuration).toBe('overlay2@ext4')
    }
    expect(cells.filter(({ injected }) => injected !== null)).toEqual(delayed)
  })

  it('reads samples once, as they come', () => {
    const { run, samples } = fixtureRun({ rounds: 3 })
    let reads = 0
    const once = {
      *[Symbol.iterator]() {
        reads += 1
        yield* samples
      },
    }
    expect(summarize(run, once)).toEqual(summarize(run, samples))
    expect(reads).toBe(1)
  })
})
