import { binomialProbability } from './binomial.ts'
import type { Interval } from './median-interval.ts'
import { quantile, sorted } from './quantile.ts'

export interface TailQuantile extends Interval {
  value: number
}

/**
 * Returns quantile `p` of a tail (0.95, 0.99) with the narrowest pair of order statistics that covers it with at least
 * `nominal`, whatever the distribution; `coverage` is what the pair attains.
 *
 * Null where n is too small for there to be such a pair: then not even the maximum is an upper limit. At 95 % the 95th
 * percentile exists from 59 values on and the 99th from 299 on, the numbers of Wilks. A smaller sample would print its
 * maximum under another name.
 *
 * P(X₍ₗ₎ ≤ quantile ≤ X₍ᵤ₎) = P(l ≤ B < u), B binomial (n, p): H. A. David and H. N. Nagaraja, Order Statistics, 3rd
 * edition (2003), section 7.1. S. S. Wilks, "Determination of sample sizes for setting tolerance limits", Annals of
 * Mathematical Statistics 12 (1941).
 */
export function tailQuantile(values: readonly number[], p: number, nominal = 0.95): TailQuantile | null {
  const value = quantile(values, p)
  const ranks = value === null ? null : narrowestRanks(values.length, p, nominal)
  if (value === null || ranks === null) return null
  const ascending = sorted(values)
  return {
    value,
    low: ascending[ranks.lower - 1] as number,
    high: ascending[ranks.upper - 1] as number,
    coverage: ranks.coverage,
  }
}

/** Returns how many samples it takes that quantile `p` can be told: that the largest lies above it with `nominal`. */
export function samplesForTail(p: number, nominal = 0.95): number {
  return Math.ceil(Math.log(1 - nominal) / Math.log(p))
}

interface Ranks {
  lower: number
  upper: number
  coverage: number
}

/**
 * Counted from 1. The binomial distribution has one peak, so the likeliest run of counts grows from the peak by the
 * likelier of its two neighbours.
 */
function narrowestRanks(n: number, p: number, nominal: number): Ranks | null {
  const probability = (count: number) =>
    // Counts of 0 and n lie beyond the smallest and the largest value: no rank bounds them.
    count < 1 || count > n - 1 ? 0 : binomialProbability(n, count, p)
  let lower = Math.min(Math.max(Math.floor((n + 1) * p), 1), n - 1)
  let upper = lower + 1
  let coverage = probability(lower)
  while (coverage < nominal) {
    const below = probability(lower - 1)
    const above = probability(upper)
    if (below === 0 && above === 0) return null
    if (above >= below) upper += 1
    else lower -= 1
    coverage += Math.max(below, above)
  }
  return { lower, upper, coverage }
}
