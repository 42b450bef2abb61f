import { counterThreshold, type GatedCounter, type Thresholds } from '../../harness/contracts/thresholds.ts'
import { ALPHA } from '../../harness/statistics/detection.ts'
import { leastP } from '../../harness/statistics/independent-ratio.ts'
import { formatMechanism, formatValue, joinList } from '../format/format.ts'
import { formatPerObject, headlineLedger, paidText } from '../format/ledger.ts'
import type { Counter } from '../summary/counters.ts'
import type { CellSummary } from '../summary/types.ts'
import type { Change } from './types.ts'

/** Counters that every sample of a cell can have in common, since the workload is the same to the byte. */
const EXACT = [
  { id: 'bytesWritten', counter: 'written', name: 'written at the device' },
  { id: 'bytesAllocated', counter: 'allocated', name: 'allocated in the store' },
] as const

/** How a cell may end that has nothing to compare, and why that is a change. */
const LOST: ReadonlySet<string> = new Set(['failed', 'unsupported'])

/**
 * Returns the differences between two runs of a cell that need no statistics: another mechanism means that something else
 * was measured, in either direction; a number that every sample of both runs has is no estimate. `thresholds`: from which
 * growth on more bytes or flushes are a regression. `comparisons`: cells that are compared.
 */
export function changesOf(
  baseline: CellSummary,
  candidate: CellSummary,
  thresholds: Thresholds,
  comparisons: number,
): Change[] {
  const thresholdOf = (counter: GatedCounter) =>
    counterThreshold(thresholds, candidate.cell.scenario, counter)
  return [
    ...stateChange(baseline, candidate),
    ...mechanismChange(baseline, candidate),
    ...EXACT.flatMap(({ id, counter, name }) =>
      counterChange(name, baseline.counters[id], candidate.counters[id], thresholdOf(counter)),
    ),
    ...flushChange(baseline, candidate, thresholdOf('flushes'), comparisons),
  ]
}

function stateChange(baseline: CellSummary, candidate: CellSummary): Change[] {
  if (baseline.state === candidate.state || (!LOST.has(baseline.state) && !LOST.has(candidate.state)))
    return []
  const why = candidate.reason === null ? '' : `: ${candidate.reason}`
  const what = `was ${baseline.state}, is ${candidate.state}${why}`
  return [{ what, isRegression: baseline.state === 'completed' }]
}

function mechanismChange(baseline: CellSummary, candidate: CellSummary): Change[] {
  const [was, is] = [baseline, candidate].map(({ mechanisms }) =>
    mechanisms.map(({ name }) => formatMechanism(name)).sort(),
  )
  if (was === undefined || is === undefined || was.length === 0 || is.length === 0) return []
  if (joinList(was) === joinList(is)) return []
  return [{ what: `was ${joinList(was)}, is ${joinList(is)}`, isRegression: true }]
}

function counterChange(
  name: string,
  baseline: Counter | null,
  candidate: Counter | null,
  threshold: number,
): Change[] {
  if (baseline?.exact !== true || candidate?.exact !== true || baseline.median === candidate.median) return []
  const [from, to] = [baseline.median, candidate.median].map((value) => formatValue(value, 'bytes'))
  return [
    {
      what: `${from} → ${to} ${name}, in every sample`,
      isRegression: candidate.median > baseline.median * (1 + threshold),
    },
  ]
}

/**
 * Compares flushes for each object changed. They are shown to differ where every sample of a run had one number, and where
 * the samples of the two runs lie apart and so many do not by chance, in any of the cells compared.
 */
function flushChange(
  baseline: CellSummary,
  candidate: CellSummary,
  threshold: number,
  comparisons: number,
): Change[] {
  const [was, is] = [headlineLedger(baseline), headlineLedger(candidate)]
  const [from, to] = [was?.entries.flushes ?? null, is?.entries.flushes ?? null]
  if (was === null || is === null || from === null || to === null) return []
  if (was.title !== is.title || was.ledger.word !== is.ledger.word) return []
  const liesApart = from.most < to.least || to.most < from.least
  const isExact = from.exact && to.exact
  if (!liesApart || (!isExact && leastP(from.n, to.n) * comparisons >= ALPHA)) return []
  const [before, now] = [from, to].map((entry) => formatPerObject(entry, 'count'))
  return [
    {
      what: `flushes per ${is.ledger.word}: ${before} → ${now}, now in ${paidText(candidate)}`,
      isRegression: to.least > from.most * (1 + threshold),
    },
  ]
}
