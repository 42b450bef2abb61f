import type { Interval } from './median-interval.ts'
import { normalCdf, normalQuantile } from './normal.ts'
import { sorted } from './quantile.ts'
import { type Distribution, midpoint, resampledMedians } from './resampled-medians.ts'

/** Fewer have no even size below theirs for resamples. */
const FEWEST = 3

/**
 * Returns the bootstrap interval of a median: bias-corrected and accelerated (BCa), from the bootstrap distribution itself
 * and not from a number of random resamples: for a median it can be written down, so there is no seed, no Monte
 * Carlo error, and the same samples give the same interval.
 *
 * - **Resamples** have the largest even size below n. One less than n, because the bootstrap's spread is too small by
 *   √((n−1)/n); even, because the median of an odd number of draws is always one of the samples, which makes the
 *   distribution so coarse that 95 % come out as anything from 87 % to 97 %.
 * - **Bias correction** z₀ from the share of the distribution below the sample median.
 * - **Acceleration** a from the skewness of the medians that leave one sample out. It does little: these take two values,
 *   equally often, and of an odd n a third one, once.
 * - **Limits** are interpolated linearly in the middle of each step of the distribution.
 *
 * Null where not even minimum to maximum covers `nominal` (fewer than 6 samples for 95 %). Takes some n log n steps, and
 * n² once for each n.
 *
 * B. Efron and R. J. Tibshirani, An Introduction to the Bootstrap (1993), section 14.3 (BCa); T. C. Hesterberg, "What
 * teachers should know about the bootstrap", The American Statistician 69 (2015) (that it is too narrow, and resamples
 * of n − 1). That 95 % are 95 % is shown by simulation: docs/design/004-statistics.md.
 */
export function medianBootstrap(values: readonly number[], nominal = 0.95): Interval | null {
  const n = values.length
  if (n < FEWEST || 1 - 2 ** (1 - n) < nominal) return null
  const ascending = sorted(values)
  const resampled = resampledMedians(ascending)
  const center = midpoint(ascending, Math.ceil(n / 2) - 1, Math.floor(n / 2))
  const bias = normalQuantile(shareBelow(resampled, center))
  const acceleration = accelerationOf(ascending)
  const level = (tail: number) => {
    const z = bias + normalQuantile(tail)
    return normalCdf(bias + z / (1 - acceleration * z))
  }
  const tail = (1 - nominal) / 2
  return {
    low: quantileOf(resampled, level(tail)),
    high: quantileOf(resampled, level(1 - tail)),
    coverage: nominal,
  }
}

/** Σd³ / 6(Σd²)^1.5, d the distance of a median that leaves one sample out from the mean of all these. */
function accelerationOf(ascending: Float64Array): number {
  // For an even n it is the upper middle value in one half of the cases and the lower one in the other half.
  if (ascending.length % 2 === 0) return 0
  const half = (ascending.length - 1) / 2
  const [below, middle, above] = ascending.subarray(half - 1, half + 2) as unknown as [number, number, number]
  const leavingOut = [
    { median: (middle + above) / 2, times: half },
    { median: (below + above) / 2, times: 1 },
    { median: (below + middle) / 2, times: half },
  ]
  const sumOf = (term: (median: number) => number) =>
    leavingOut.reduce((sum, { median: value, times }) => sum + times * term(value), 0)
  const mean = sumOf((value) => value) / ascending.length
  const squares = sumOf((value) => (mean - value) ** 2)
  return squares === 0 ? 0 : sumOf((value) => (mean - value) ** 3) / (6 * squares ** 1.5)
}

/** P(X < at) + ½ P(X = at). */
function shareBelow({ values, probabilities }: Distribution, at: number): number {
  let share = 0
  for (let step = 0; step < values.length && (values[step] as number) <= at; step += 1) {
    share += (probabilities[step] as number) * (values[step] === at ? 0.5 : 1)
  }
  return share
}

/** Returns the value at which the distribution function, drawn through the middle of each of its steps, reaches `level`. */
function quantileOf({ values, probabilities }: Distribution, level: number): number {
  let below = 0
  let previous = { middle: 0, value: values[0] as number }
  for (let step = 0; step < values.length; step += 1) {
    const probability = probabilities[step] as number
    const current = { middle: below + probability / 2, value: values[step] as number }
    if (current.middle >= level) {
      const weight = (level - previous.middle) / (current.middle - previous.middle)
      return previous.value * (1 - weight) + current.value * weight
    }
    below += probability
    previous = current
  }
  return previous.value
}
