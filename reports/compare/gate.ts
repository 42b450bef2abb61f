/** What a gate knows of each cell: shown to be worse, shown not to be, or neither. */
import { formatShare } from '../format/format.ts'
import {
  type ComparedCell,
  type ComparedRatio,
  type Comparison,
  isComparable,
  isOfHost,
  isRegression,
} from './types.ts'

export interface CellGate {
  /** Null where nothing is judged: the runs cannot be compared, or neither host supports the cell. */
  state: 'passed' | 'failed' | 'undecided' | null
  /** Why it is undecided. */
  reason: string | null
}

const NOT_JUDGED: CellGate = { state: null, reason: null }

/**
 * Judges one cell. It passes where the interval of its headline, and of each phase with a threshold of its own, excludes
 * that it is worse by more than the threshold: that no change was shown is no proof that there is none.
 */
export function gateOf(
  cell: ComparedCell,
  comparison: Pick<Comparison, 'incomparableReasons' | 'judgedBy'>,
): CellGate {
  if (!isComparable(comparison) || isUnsupported(cell)) return NOT_JUDGED
  // A regression that is exact needs no samples.
  if (isRegression(cell)) return { state: 'failed', reason: null }
  if (isOfHost(cell)) return { state: 'undecided', reason: hostReason(cell) }
  if (isYardstick(cell, comparison)) return { state: 'passed', reason: null }
  const reason =
    cell.ratio === null ? withoutRatio(cell, comparison) : reasonOf(cell.ratio, cell.threshold, '')
  const others = cell.phases.map(({ phase, ratio, threshold }) => {
    const title = phase.title.toLowerCase()
    return ratio === null ? `no values of ${title} in both runs` : reasonOf(ratio, threshold, ` in ${title}`)
  })
  const first = [reason, ...others].find((one) => one !== null) ?? null
  return { state: first === null ? 'passed' : 'undecided', reason: first }
}

function hostReason({ candidate }: ComparedCell): string {
  return candidate.driver.role === 'control'
    ? 'a control is worse, and it has no driver: the host or other work on it changed'
    : 'worse, but not shown to be beside its control: the host or other work on it may have changed'
}

function reasonOf(
  { verdict, isShownNotWorse }: ComparedRatio,
  threshold: number,
  where: string,
): string | null {
  if (verdict === 'too-few-rounds') return `too few rounds to tell${where}`
  return isShownNotWorse
    ? null
    : `too noisy to show that it is worse by at most ${formatShare(threshold)}${where}`
}

function withoutRatio(
  { baseline, candidate }: ComparedCell,
  { judgedBy }: Pick<Comparison, 'judgedBy'>,
): string {
  const [was, is] = [baseline, candidate].map(({ headline }) => headline?.value ?? null)
  if (was !== null && is !== null) {
    return judgedBy === 'ratios'
      ? 'no control whose ratio could be compared'
      : 'values below 0, which have no ratio'
  }
  if (was !== null) return 'no samples in the candidate'
  return is === null ? 'no samples' : 'no samples in the baseline'
}

function isUnsupported({ baseline, candidate }: ComparedCell): boolean {
  return baseline.state === 'unsupported' && candidate.state === 'unsupported'
}

/** Tells whether a cell is a control that ratios are taken to: it was measured, and has none itself. */
export function isYardstick(
  { baseline, candidate }: ComparedCell,
  { judgedBy }: Pick<Comparison, 'judgedBy'>,
): boolean {
  return (
    judgedBy === 'ratios' &&
    [baseline, candidate].every(({ cell, headline }) => cell.control === null && headline?.value != null)
  )
}
