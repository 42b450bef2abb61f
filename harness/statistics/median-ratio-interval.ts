import { type Interval, medianInterval } from './median-interval.ts'
import { median } from './quantile.ts'

/** Least samples on either side: with fewer, an interval meant to cover 95 % does not (docs/design/004-statistics.md). */
const FEWEST = 5
const NOMINAL = 0.95

/**
 * Returns the interval of log(median of `a` ÷ median of `b`), of two independent samples without negative values: 95 %. It
 * turns its sign when the two change places. Null where either has fewer than 5 samples. Where a limit of a median is 0,
 * so is that of the ratio, or it is infinite: an end is then −∞ or ∞.
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
  if (!Number.isFinite(center)) return { ...quotient(one, other), coverage: NOMINAL }
  return {
    low: center - Math.hypot(one.below, other.above),
    high: center + Math.hypot(one.above, other.below),
    coverage: NOMINAL,
  }
}

/** Logarithm of a median and of its limits, −∞ of 0, and the distances of the limits. */
interface LogMedian {
  center: number
  low: number
  high: number
  below: number
  above: number
}

/**
 * Returns the ratios of the limits to each other, for a median of 0, from which nothing has a distance on the log scale. It
 * holds the interval that a median however small would have, so it covers no less. What 0 ÷ 0 would decide stays open.
 */
function quotient(one: LogMedian, other: LogMedian): { low: number; high: number } {
  const orElse = (difference: number, open: number) => (Number.isNaN(difference) ? open : difference)
  return { low: orElse(one.low - other.high, -Infinity), high: orElse(one.high - other.low, Infinity) }
}

function logInterval(values: readonly number[]): LogMedian | null {
  const interval = medianInterval(values, NOMINAL)
  const middle = median(values)
  if (interval === null || middle === null) return null
  const [center, low, high] = [Math.log(middle), Math.log(interval.low), Math.log(interval.high)]
  return { center, low, high, below: center - low, above: high - center }
}
