/** Values of two runs that are judged: figures, or their ratios to each run's own control. */
import { phaseThreshold, type Thresholds } from '../../harness/contracts/thresholds.ts'
import type { Collected } from '../summary/summarize.ts'
import { hasPlace } from '../summary/finite.ts'
import type { PhaseInfo } from '../summary/figures.ts'
import type { Headlines } from './judge.ts'
import type { CellPair } from './pairs.ts'

/** Values of one phase of a pair of cells. */
export interface PhaseValues extends Headlines {
  pair: CellPair
  phase: PhaseInfo
  isHeadline: boolean
}

/** Returns the values of each pair's headline, and of the phases beside it that have a threshold of their own. */
export function valuesOf(
  before: Collected,
  after: Collected,
  pairs: readonly CellPair[],
  thresholds: Thresholds,
  judgedBy: 'figures' | 'ratios',
): PhaseValues[] {
  return pairs.flatMap((pair) => {
    const collected = after.cells.get(pair.candidate.id)
    const headline = collected?.headline?.phase
    const phases = (collected?.phases ?? []).map(({ phase }) => phase)
    const { scenario } = pair.candidate
    return phases
      .filter((phase) => phase === headline || `${scenario}.${phase.id}` in thresholds)
      .flatMap((phase) => {
        const [baseline, candidate] = [
          measured(before, pair.baseline.id, phase.id, judgedBy),
          measured(after, pair.candidate.id, phase.id, judgedBy),
        ]
        if (baseline === null || candidate === null) return []
        const threshold = phaseThreshold(thresholds, scenario, phase.id)
        return [
          {
            pair,
            phase,
            isHeadline: phase === headline,
            baseline,
            candidate,
            threshold,
            better: phase.better,
          },
        ]
      })
  })
}

/** Null where the cell does not report the phase, and where it has no control to be divided by. */
function measured(
  { cells }: Collected,
  id: string,
  phase: string,
  judgedBy: 'figures' | 'ratios',
): readonly number[] | null {
  const collected = cells.get(id)
  const columns = collected?.phase(phase) ?? null
  if (collected === undefined || columns === null) return null
  if (judgedBy === 'figures') return columns.values.known()
  const control = cells.get(collected.cell.control ?? '')
  const other = control?.phase(phase) ?? null
  if (control === undefined || other === null) return null
  const divisors = control.byRound(other)
  return [...collected.byRound(columns)]
    .map(([round, value]) => value / (divisors.get(round) ?? Number.NaN))
    .filter(hasPlace)
}
