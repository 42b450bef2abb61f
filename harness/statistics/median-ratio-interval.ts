import { type Interval, medianInterval } from './median-interval.ts'
import { median } from './quantile.ts'

/** Least samples on either side: with fewer, an interval meant to cover 95 % does not (docs/design/004-statistics.md). */
const FEWEST = 5
const NOMINAL = 0.95

/**
 * The interval of log(median of `a` ÷ median of `b`), of two independent samples of positive values: 95 %. It turns its
 * sign when the two change places. Null where either has fewer than 5 samples.
 *
 * It is put together from the intervals of the two medians ({@link medianInterval}): the distance of each limit from its
 * median stands for the error on that side, and errors of independent samples add up as variances do. So it holds for
 * any noise for which those of the medians hold, and takes no resamples. G. Y. Zou and A. Donner, "Construction of
 * confidence limits about effect measures: a general approach", Statistics in Medicine 27 (2008): the method of variance
 * estimates recovery. Why not the bootstrap: docs/design/004-statistics.md.
 */
export function medianRatioInterval(a: readonly number[], b: readonly number[]): Interval | null {
  if (Math.min(a.length, b.length) < FEWEST) return null
  const [one, other] = [logInterval(a), logInterval(b)]
  if (one === null || other === null) return null
  const center = one.center - other.center
  return {
    low: center - Math.hypot(one.below, other.above),
    high: center + Math.hypot(one.above, other.below),
    coverage: NOMINAL,
  }
}

/** The logarithm of a median, and how far its limits lie from it. */
function logInterval(values: readonly number[]): { center: number; below: number; above: number } | null {
  const interval = medianInterval(values, NOMINAL)
  const middle = median(values)
  if (interval === null || middle === null) return null
  const center = Math.log(middle)
  return { center, below: center - Math.log(interval.low), above: Math.log(interval.high) - center }
}
