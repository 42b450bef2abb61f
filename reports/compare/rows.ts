import type { ComparedRow } from '../../harness/contracts/compare.ts'
import { finite } from '../summary/finite.ts'
import type { CellSummary } from '../summary/types.ts'
import { gateOf } from './gate.ts'
import { phaseChanges, regressionLine } from './lines.ts'
import { type ComparedCell, type Comparison, isRegression } from './types.ts'

/** A row for each cell that is in both runs. */
export function comparedRow(
  compared: ComparedCell,
  comparison: Pick<Comparison, 'incomparableReasons' | 'judgedBy'>,
): ComparedRow {
  const { baseline, candidate, ratio, changes, threshold } = compared
  const { cell, headline } = candidate
  const gate = gateOf(compared, comparison)
  return {
    cell: cell.id,
    configuration: cell.configuration,
    scenario: cell.scenario,
    params: cell.params,
    cache: cell.cache,
    phase: headline?.phase.id ?? null,
    unit: headline?.phase.unit ?? null,
    better: headline?.phase.better ?? null,
    baseline: estimateOf(baseline),
    candidate: estimateOf(candidate),
    ratio: finite(ratio?.ratio),
    low: finite(ratio?.low),
    high: finite(ratio?.high),
    p: ratio?.p ?? null,
    pAdjusted: ratio?.pAdjusted ?? null,
    verdict: ratio?.verdict ?? null,
    answer: ratio?.answer ?? null,
    changes: [
      ...changes.map((change) => ({ what: change.what, isRegression: change.isRegression, isExact: true })),
      ...phaseChanges(compared, comparison.judgedBy).map((change) => ({ ...change, isExact: false })),
    ],
    threshold,
    gate: gate.state,
    reason: gate.reason,
    regression: isRegression(compared) ? regressionLine(compared, comparison.judgedBy) : null,
  }
}

function estimateOf({ headline, ratio }: CellSummary): ComparedRow['candidate'] {
  if (headline?.value == null) return null
  const { n, median, low, high } = headline.value
  return { n, median, low, high, ratio: finite(ratio?.ratio) }
}
