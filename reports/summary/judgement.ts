import { ALPHA } from '../../harness/statistics/detection.ts'
import { roundsToShow } from '../../harness/statistics/rounds-to-show.ts'
import type { Judgement } from './figures.ts'

/** Inputs of a judgement. */
export interface Judged {
  low: number | null
  high: number | null
  /** Rounds in which both completed. */
  pairs: number
  /** p of the signed-rank test, adjusted for all comparisons judged together. */
  p: number | null
  /** How many comparisons are judged together with it, itself among them. */
  comparisons: number
}

/**
 * Judges a ratio. A difference needs both: a p under {@link ALPHA} and an interval that excludes 1. Where no outcome
 * whatever could have had such a p, there were too few rounds to ask.
 */
export function judge({ low, high, pairs, p, comparisons }: Judged): Judgement {
  const excludes1 = low !== null && high !== null && (low > 1 || high < 1)
  if (excludes1 && p !== null && p < ALPHA) return 'different'
  return pairs < roundsToShow(comparisons) ? 'too-few-rounds' : 'not-shown'
}
