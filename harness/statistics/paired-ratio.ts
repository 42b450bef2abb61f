import { median } from './quantile.ts'
import { ratioInterval } from './ratio-interval.ts'
import { signedRank } from './signed-rank.ts'

/** A measured value by the round that it was taken in. */
export type ByRound = ReadonlyMap<number, number>

/**
 * Stands for the logarithm of a ratio to 0, and its negative for that of 0: beyond the ratio of any two numbers (745 + 710, the
 * logarithms of the least and the greatest double), so it exponentiates to 0 or Infinity. It is finite, so a mean is defined.
 */
export const BEYOND_RATIOS = 1e9

export interface PairedRatio {
  /**
   * Median of the ratios to the control: in half of the rounds the ratio was higher. 0 or Infinity where a value is 0 in half of
   * the rounds.
   */
  ratio: number
  /** From 0 to Infinity; null where there is only one pair. */
  low: number | null
  high: number | null
  coverage: number | null
  /** Rounds in which both were measured. */
  pairs: number
  /** Two-sided, of Wilcoxon's signed-rank test that the two could be exchanged; null where there is only one pair. */
  p: number | null
  /** Natural logarithms, in order of rounds; ±{@link BEYOND_RATIOS} where one of the two values is 0. */
  logRatios: number[]
}

/**
 * Returns the ratio of `cell` to `control` by pairs of the same round: the median of the log ratios and its interval
 * ({@link ratioInterval}), exponentiated. Drift that hits a whole round cancels in its pair. By logs, because then the
 * ratio of a to b is one over that of b to a (P. J. Fleming and J. J. Wallace, "How not to lie with statistics: the
 * correct way to summarize benchmark results", Communications of the ACM 29, 1986).
 *
 * It estimates the median of the ratios, which is the ratio of the medians where the noise of both has the same shape,
 * and may differ from it where not. Why the median and not the Hodges–Lehmann estimate: docs/design/004-statistics.md.
 *
 * Only rounds that have both count. A 0 is the least value there is, so a rate of 0 is the worst; two of them are equal. Null
 * where there is no round, or where a value is negative and so has no ratio.
 */
export function pairedRatio(cell: ByRound, control: ByRound): PairedRatio | null {
  const logRatios = logRatiosOf(cell, control)
  const middle = logRatios === null ? null : median(logRatios)
  if (logRatios === null || middle === null) return null
  const interval = ratioInterval(logRatios)
  return {
    ratio: Math.exp(middle),
    low: interval === null ? null : Math.exp(interval.low),
    high: interval === null ? null : Math.exp(interval.high),
    coverage: interval?.coverage ?? null,
    pairs: logRatios.length,
    p: signedRank(logRatios)?.p ?? null,
    logRatios,
  }
}

/**
 * Returns the log ratios of the rounds that have both values, in order: 0 where both are 0, ±{@link BEYOND_RATIOS} where one of
 * them is. Null where a value is negative.
 */
export function logRatiosOf(cell: ByRound, control: ByRound): number[] | null {
  const rounds = [...cell.keys()].filter((round) => control.has(round)).sort((a, b) => a - b)
  const pairs = rounds.map((round) => [cell.get(round) as number, control.get(round) as number] as const)
  if (!pairs.every(([value, reference]) => value >= 0 && reference >= 0)) return null
  return pairs.map(([value, reference]) => logRatio(value, reference))
}

function logRatio(value: number, reference: number): number {
  if (value === reference) return 0
  if (value === 0) return -BEYOND_RATIOS
  return reference === 0 ? BEYOND_RATIOS : Math.log(value) - Math.log(reference)
}
