import type { Ratio } from './types.ts'

/**
 * Rank-based intervals of fewer than five pairs cover less than this (5 pairs: 93.75 %, 4: 87.5 %, 2: 50 %): that such
 * a one excludes 1 happens too often by chance to be called a difference.
 */
const ENOUGH_COVERAGE = 0.9

/** What a ratio shows: a difference, none, or nothing yet, since there were too few rounds. */
export function judge({ low, high, coverage }: Ratio): 'different' | 'not shown' | 'too few rounds' {
  if (low === null || high === null || (low <= 1 && high >= 1)) return 'not shown'
  return coverage !== null && coverage >= ENOUGH_COVERAGE ? 'different' : 'too few rounds'
}
