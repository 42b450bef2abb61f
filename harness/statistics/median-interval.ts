import { gammaln } from 'simple-statistics'
import { sorted } from './quantile.ts'

/** An interval that holds the true value with probability `coverage`, which is what was attained, not what was wished. */
export interface Interval {
  low: number
  high: number
  /** 0…1. */
  coverage: number
}

/** The order statistics that bound a median: the `lower`-th smallest and the `lower`-th largest, counted from 1. */
export interface MedianRanks {
  lower: number
  coverage: number
}

/**
 * The narrowest symmetric pair of order statistics whose interval covers the median of any continuous
 * distribution with at least `nominal`; where `n` is too small for that, the widest there is: minimum to maximum,
 * which covers 1 − 2^(1−n) (93.75 % at 5 samples, 95 % from 6 on). Null below 2 samples.
 *
 * P(X₍ₗ₎ ≤ median ≤ X₍ₙ₊₁₋ₗ₎) = P(l ≤ B ≤ n − l) with B binomial (n, ½): H. A. David and H. N. Nagaraja,
 * Order Statistics, 3rd edition (2003), section 7.1. The sum is taken from the middle outwards, so it takes
 * some √n steps and no power of two underflows.
 */
export function medianRanks(n: number, nominal = 0.95): MedianRanks | null {
  if (n < 2) return null
  let lower = Math.ceil(n / 2)
  let probability = binomialHalf(n, lower)
  let coverage = n % 2 === 0 ? probability : 0
  while (coverage < nominal && lower > 1) {
    // P(B = l − 1) from P(B = l); of an odd n the two middle terms are equal, so the first step changes nothing.
    probability *= lower / (n - lower + 1)
    lower -= 1
    coverage += 2 * probability
  }
  return { lower, coverage: Math.min(coverage, 1) }
}

/** The rank-based interval of the median; null below 2 samples. */
export function medianInterval(values: readonly number[], nominal = 0.95): Interval | null {
  const ranks = medianRanks(values.length, nominal)
  if (ranks === null) return null
  const ascending = sorted(values)
  return {
    low: ascending[ranks.lower - 1] as number,
    high: ascending[ascending.length - ranks.lower] as number,
    coverage: ranks.coverage,
  }
}

/** P(B = k) of a binomial (n, ½). */
function binomialHalf(n: number, k: number): number {
  return Math.exp(gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1) - n * Math.LN2)
}
