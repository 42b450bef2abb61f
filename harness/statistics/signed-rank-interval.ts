import type { Interval } from './median-interval.ts'
import { normalQuantile } from './normal.ts'
import { sorted } from './quantile.ts'
import { EXACT_UP_TO } from './ranks.ts'
import { signedRankDistribution } from './signed-rank.ts'

/** Halvings of an interval of doubles after which nothing is left between its ends. */
const HALVINGS = 64

/**
 * Returns the shifts that Wilcoxon's signed-rank test does not reject: an interval of the pseudomedian, the median of
 * the means of two values (Walsh averages); of a symmetric distribution this is its median. All values have a say in
 * its width, where two of them decide on that of the interval of a median, so it is the steadier measure of how much is
 * known. Null where the test cannot reject anything at this level (below 6 values at 95 %).
 *
 * M. Hollander, D. A. Wolfe and E. Chicken, Nonparametric Statistical Methods, 3rd edition (2014), section 3.3.
 */
export function signedRankInterval(values: readonly number[], nominal = 0.95): Interval | null {
  const n = values.length
  const averages = (n * (n + 1)) / 2
  const { rejected, tail } = rejectedSums(n, (1 - nominal) / 2)
  if (rejected === 0) return null
  const ascending = sorted(values)
  return {
    low: walshAverage(ascending, rejected),
    high: walshAverage(ascending, averages + 1 - rejected),
    coverage: 1 - 2 * tail,
  }
}

/** How many of the sums 0, 1, … lie in the lower tail that the test rejects, and the probability of that tail. */
function rejectedSums(n: number, level: number): { rejected: number; tail: number } {
  if (n > EXACT_UP_TO) {
    const mean = (n * (n + 1)) / 4
    const deviation = Math.sqrt((n * (n + 1) * (2 * n + 1)) / 24)
    return { rejected: Math.floor(mean + 0.5 + normalQuantile(level) * deviation), tail: level }
  }
  const cumulative = signedRankDistribution(n)
  const rejected = cumulative.findIndex((probability) => probability > level)
  return { rejected, tail: rejected === 0 ? 0 : (cumulative[rejected - 1] as number) }
}

/**
 * Returns the k-th smallest, from 1, of the n(n+1)/2 means of two values (each with itself too): halving the range by
 * the number of means that are at most its middle, so that 10,000 values take no list of 50 million means.
 */
export function walshAverage(ascending: Float64Array, k: number): number {
  let below = ascending[0] as number
  let high = ascending.at(-1) as number
  if (meansUpTo(ascending, below) >= k) return below
  for (let step = 0; step < HALVINGS; step += 1) {
    const middle = below + (high - below) / 2
    if (middle <= below || middle >= high) break
    if (meansUpTo(ascending, middle) >= k) high = middle
    else below = middle
  }
  return high
}

/** As the one of a pair rises, those that it may be paired with fall. */
function meansUpTo(ascending: Float64Array, limit: number): number {
  let count = 0
  let last = ascending.length - 1
  for (let first = 0; first <= last; first += 1) {
    while (last >= first && (ascending[first] as number) + (ascending[last] as number) > 2 * limit) last -= 1
    count += last - first + 1
  }
  return count
}
