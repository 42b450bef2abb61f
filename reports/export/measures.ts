import type { ExportSource } from '../../harness/contracts/export.ts'
import type { ByRound } from '../../harness/statistics/paired-ratio.ts'
import type { CellCollector } from '../summary/collector.ts'
import type { CounterId } from '../summary/counters.ts'
import { estimate } from '../summary/estimate.ts'
import type { PhaseSummary } from '../summary/figures.ts'
import { finite, hasPlace } from '../summary/finite.ts'
import { collect, summarizeCollected } from '../summary/summarize.ts'
import type { CellSummary } from '../summary/types.ts'
import type { ExportedRun, Measure } from './types.ts'

export const RATIO_TO_CONTROL = 'ratio-to-control'

/** Counters over a whole sample that are exported. Less of each is better. */
const COUNTERS: readonly (readonly [CounterId, string, string, Measure['unit']])[] = [
  ['bytesWritten', 'bytes-written', 'Bytes written at the device', 'bytes'],
  ['bytesAllocated', 'bytes-allocated', 'Growth of the store', 'bytes'],
  ['flushes', 'flushes', 'Flushes at the device', 'count'],
]

/** Reads the samples once. Throws as {@link collect} does. */
export function exportedRun({ run, samples, gate }: ExportSource): ExportedRun {
  const collected = collect(run, samples)
  const summary = summarizeCollected(collected)
  return {
    run,
    gate,
    cells: summary.cells.map((cell) => ({
      cell: cell.cell,
      summary: cell,
      measures: measuresOf(cell, collected.cells),
    })),
  }
}

function measuresOf(summary: CellSummary, collectors: ReadonlyMap<string, CellCollector>): Measure[] {
  const { cell } = summary
  const collected = collectors.get(cell.id)
  if (collected === undefined) return []
  const control = collectors.get(cell.control ?? '')
  return [
    ...summary.phases.flatMap((phase) => phaseMeasure(phase, summary, collected)),
    ...(control === undefined ? [] : ratioMeasure(summary, collected, control)),
    ...COUNTERS.flatMap(([id, name, title, unit]) => {
      const byRound = collected.byRound({ values: collected.counters[id] })
      return measure({ id: name, title, kind: 'counter', isHeadline: false, unit, better: 'lower', byRound })
    }),
  ]
}

function phaseMeasure(summary: PhaseSummary, cell: CellSummary, collected: CellCollector): Measure[] {
  const { id, title, unit, better } = summary.phase
  const byRound = collected.byRound(collected.phase(id))
  const isHeadline = summary === cell.headline
  const tails = { p95: summary.p95?.value ?? null, p99: summary.p99?.value ?? null }
  return measure({ id, title, kind: 'phase', isHeadline, unit, better, byRound }, tails)
}

/** Returns the headline divided by the control's of the same round; nothing where no round has both. */
function ratioMeasure(
  { headline, ratio }: CellSummary,
  own: CellCollector,
  control: CellCollector,
): Measure[] {
  if (headline === null || ratio === null) return []
  const others = control.byRound(control.phase(headline.phase.id))
  const ratios = [...own.byRound(own.headline)].flatMap(([round, value]) => {
    const other = others.get(round)
    return other === undefined || !hasPlace(value / other) ? [] : [[round, value / other] as const]
  })
  const { better } = headline.phase
  const [made] = measure({
    id: RATIO_TO_CONTROL,
    title: `${headline.phase.title} ÷ that of the control`,
    kind: 'ratio',
    isHeadline: false,
    unit: 'ratio',
    better,
    byRound: new Map(ratios),
  })
  if (made === undefined || !hasPlace(ratio.ratio)) return []
  // The interval that the report shows.
  return [{ ...made, exact: false, median: ratio.ratio, low: finite(ratio.low), high: finite(ratio.high) }]
}

type Described = Pick<Measure, 'id' | 'title' | 'kind' | 'isHeadline' | 'unit' | 'better'> & {
  byRound: ByRound
}

function measure(described: Described, tails: Pick<Measure, 'p95' | 'p99'> = NO_TAILS): Measure[] {
  const values = [...described.byRound.values()]
  const value = estimate(values)
  if (value === null) return []
  const { n, median, low, high } = value
  const exact = values.length > 1 && values.every((one) => one === values[0])
  return [{ ...described, exact, n, median, low, high, ...tails }]
}

const NO_TAILS = { p95: null, p99: null }
