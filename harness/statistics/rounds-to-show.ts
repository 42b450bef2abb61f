import { ALPHA } from './detection.ts'

/**
 * Returns the fewest rounds with which the signed-rank test can show a difference among `comparisons` comparisons: its
 * smallest p, of rounds that all point the same way, is 2 of the 2ⁿ ways in which n signs can fall, and Holm's adjustment
 * multiplies it by their number. 6 rounds for one comparison, 11 for 30: one more for twice as many.
 */
export function roundsToShow(comparisons: number): number {
  return Math.floor(1 + Math.log2(Math.max(comparisons, 1) / ALPHA)) + 1
}
