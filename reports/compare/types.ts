/** A comparison of two runs, in base units. */
import type { Crossing } from '../../harness/contracts/compare.ts'
import type { Thresholds } from '../../harness/contracts/thresholds.ts'
import type { PhaseInfo } from '../summary/figures.ts'
import type { Cell } from '../../harness/contracts/cell.ts'
import type { IndependentRatio } from '../../harness/statistics/independent-ratio.ts'
import type { Answer } from '../../harness/statistics/answers.ts'
import type { Difference } from './fingerprints.ts'
import type { CellSummary, Summary } from '../summary/types.ts'

/**
 * `regression`, `improvement`: shown, and by more than the threshold. `within threshold`: shown, and by less. `not
 * shown`: may be chance. `too few rounds`: no outcome could have shown it.
 */
export type Verdict = 'regression' | 'improvement' | 'within-threshold' | 'not-shown' | 'too-few-rounds'

/** Median of the candidate's headline ÷ that of the baseline's; or of their ratios to the control. */
export interface ComparedRatio extends IndependentRatio {
  /** For all cells that are compared. */
  pAdjusted: number
  verdict: Verdict
  /** `same`: shown to lie within the margin of the candidate's run. `open`: not known yet. */
  answer: Answer['is']
  /** Whether its interval excludes that the candidate is worse by more than the threshold. */
  isShownNotWorse: boolean
}

/** A difference between values that are exact in both runs: it needs no statistics. */
export interface Change {
  /** `was cloned, is copied up`. */
  what: string
  isRegression: boolean
}

/** A phase beside the headline that has a threshold of its own. */
export interface ComparedPhase {
  phase: PhaseInfo
  /** Medians of its values, or of its ratios to the control; null where there are none. */
  baseline: number | null
  candidate: number | null
  ratio: ComparedRatio | null
  threshold: number
}

/** A cell that is in both runs. */
export interface ComparedCell {
  baseline: CellSummary
  candidate: CellSummary
  /** Null where the runs cannot be compared, or one has no samples. */
  ratio: ComparedRatio | null
  /** The same of the ratio to the control of either run; null where that is not known, or is what `ratio` is of. */
  besideControl: Verdict | null
  /** Empty where the runs cannot be compared. */
  changes: readonly Change[]
  /** Threshold of the headline. */
  threshold: number
  phases: readonly ComparedPhase[]
}

export interface Comparison {
  baseline: Summary
  candidate: Summary
  /** Reasons why the runs are not compared, a sentence each; empty where they are. */
  incomparableReasons: readonly string[]
  /** Differences between the hosts, including those that do not make the runs incomparable. */
  differences: readonly Difference[]
  /** Differences that were declared, and are judged. */
  across: readonly Crossing[]
  /** Declared differences in which the runs are equal. */
  equal: readonly string[]
  /**
   * `figures`: medians of the candidate ÷ medians of the baseline. `ratios`: each divided by its own control first, since
   * figures of different or emulated hardware are not compared.
   */
  judgedBy: 'figures' | 'ratios'
  /** 0.05: a cell that is worse by more than 5 % is a regression, where it has no threshold of its own. */
  threshold: number
  thresholds: Thresholds
  /** Cells of both runs, in the candidate's order. */
  cells: readonly ComparedCell[]
  /** Cells of one run that the other does not have. */
  onlyBaseline: readonly Cell[]
  onlyCandidate: readonly Cell[]
}

export function isComparable({ incomparableReasons }: Pick<Comparison, 'incomparableReasons'>): boolean {
  return incomparableReasons.length === 0
}

export function isRegression(cell: ComparedCell): boolean {
  const { ratio, changes, phases } = cell
  return (
    (ratio?.verdict === 'regression' && !isOfHost(cell)) ||
    changes.some((change) => change.isRegression) ||
    phases.some((phase) => phase.ratio?.verdict === 'regression')
  )
}

/**
 * Tells whether a headline that became worse may have done so with the host and not with the driver: it is a control's, which has
 * none, or its ratio to its control is not shown to be worse.
 */
export function isOfHost({ candidate, ratio, besideControl }: ComparedCell): boolean {
  if (ratio?.verdict !== 'regression') return false
  if (candidate.driver.role === 'control') return true
  return besideControl !== null && besideControl !== 'regression'
}

export function isImprovement(cell: ComparedCell): boolean {
  return cell.ratio?.verdict === 'improvement' && !isRegression(cell)
}

const ANSWERS: Readonly<Record<Answer['is'], string>> = {
  dearer: 'regression',
  cheaper: 'improvement',
  same: 'about the same',
  open: 'not known yet',
}

/** Outcome of a cell that became worse, perhaps with the host. */
export const WITH_HOST = 'not worse beside its control'

/** Returns how a cell came out, in words; empty where it is not judged. */
export function outcomeOf(cell: ComparedCell): string {
  if (isRegression(cell)) return 'regression'
  if (cell.ratio === null) return ''
  if (isOfHost(cell)) return WITH_HOST
  return cell.ratio.verdict === 'within-threshold' ? 'changed by less' : ANSWERS[cell.ratio.answer]
}
