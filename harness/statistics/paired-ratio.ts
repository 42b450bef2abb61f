import { median } from './quantile.ts'
import { ratioInterval } from './ratio-interval.ts'
import { signedRank } from './signed-rank.ts'

/** A measured value by the round that it was taken in. */
export type ByRound = ReadonlyMap<number, number>

export interface PairedRatio {
  /** Median of the ratios to the control: in half of the rounds the ratio was higher. */
  ratio: number
  /** Null where there is only one pair. */
  low: number | null
  high: number | null
  coverage: number | null
  /** Rounds in which both were measured. */
  pairs: number
  /** Two-sided, of Wilcoxon's signed-rank test that the two could be exchanged; null where there is only one pair. */
  p: number | null
  /** Natural logarithms, in order of rounds. */
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
 * Only rounds that have both count. Null where there is none, or where a value is not positive and so has no ratio.
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

/** Returns the log ratios of the rounds that have both values, in order; null where a value is not positive. */
export function logRatiosOf(cell: ByRound, control: ByRound): number[] | null {
  const rounds = [...cell.keys()].filter((round) => control.has(round)).sort((a, b) => a - b)
  const pairs = rounds.map((round) => [cell.get(round) as number, control.get(round) as number] as const)
  if (!pairs.every(([value, reference]) => value > 0 && reference > 0)) return null
  return pairs.map(([value, reference]) => Math.log(value) - Math.log(reference))
}
