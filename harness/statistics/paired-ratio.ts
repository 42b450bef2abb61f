import { medianInterval } from './median-interval.ts'
import { median } from './quantile.ts'

/** A measured value by the round that it was taken in. */
export type ByRound = ReadonlyMap<number, number>

export interface PairedRatio {
  ratio: number
  /** Null where there is only one pair. */
  low: number | null
  high: number | null
  coverage: number | null
  /** Rounds in which both were measured. */
  pairs: number
}

/**
 * What `cell` is of `control`, by pairs of the same round: the median of the log ratios and its rank-based
 * interval, exponentiated. Drift that hits a whole round cancels in its pair. By logs, because then the ratio of
 * a to b is one over that of b to a (P. J. Fleming and J. J. Wallace, "How not to lie with statistics: the correct
 * way to summarize benchmark results", Communications of the ACM 29, 1986).
 *
 * Only rounds that have both count. Null where there is none, or where a value is not positive and so has no ratio.
 */
export function pairedRatio(cell: ByRound, control: ByRound): PairedRatio | null {
  const logs: number[] = []
  for (const [round, value] of cell) {
    const reference = control.get(round)
    if (reference === undefined) continue
    if (!(value > 0 && reference > 0)) return null
    logs.push(Math.log(value) - Math.log(reference))
  }
  const middle = median(logs)
  if (middle === null) return null
  const interval = medianInterval(logs)
  return {
    ratio: Math.exp(middle),
    low: interval === null ? null : Math.exp(interval.low),
    high: interval === null ? null : Math.exp(interval.high),
    coverage: interval?.coverage ?? null,
    pairs: logs.length,
  }
}
