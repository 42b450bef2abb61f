import { type Interval, medianInterval } from './median-interval.ts'
import { type ByRound, logRatiosOf, type PairedRatio } from './paired-ratio.ts'
import { median } from './quantile.ts'
import { ratioInterval } from './ratio-interval.ts'
import { signedRankInterval } from './signed-rank-interval.ts'

/** Least coverage at which the width of an interval is used. */
const NOMINAL = 0.95

/**
 * Width of the interval of a median over that of the signed-rank interval where the noise is normal, in large samples:
 * the root of 3/π over 2/π, their efficiencies. E. L. Lehmann, Nonparametrics (1975), section 3.3 and appendix 4.
 */
const MEDIAN_WIDTH = Math.sqrt(1.5)

/** Half the width of the interval as a share of the ratio: 0.03 is ±3 %. Null where there is no interval, or no finite one. */
export function relativeHalfWidth(ratio: Pick<PairedRatio, 'ratio' | 'low' | 'high'>): number | null {
  if (ratio.low === null || ratio.high === null) return null
  const width = (ratio.high - ratio.low) / 2 / ratio.ratio
  return Number.isFinite(width) ? width : null
}

/**
 * Returns how well the ratio of `cell` to `control` is known, or the cell's own median where there is no control: half
 * the width of the interval, as a share. Null where there is none that covers 95 %.
 *
 * Looking after every round and stopping when the interval is narrow picks the moments at which it is narrow by chance,
 * and an interval of a median is narrow by chance whenever a few samples lie close together: stopped so, 95 % cover
 * less than 92 %. So the width is the larger of the interval's and of what the signed-rank interval, which depends on
 * all samples, leads one to expect of it. What this gives, and what it costs in rounds: docs/design/004-statistics.md.
 */
export function relativeWidthOf(cell: ByRound, control: ByRound | null): number | null {
  const logs = logRatiosOf(cell, control ?? unity(cell))
  if (logs === null) return null
  const width = Math.max(expectedWidth(logs), shownWidth(logs, control !== null))
  return Number.isFinite(width) ? width : null
}

/**
 * Returns whether enough is known to stop: {@link relativeWidthOf} is at most `precision` (0.03: 3 %). Cheap enough to
 * be called for every cell after every round: some tenths of a millisecond at 60 rounds, and less while it says no.
 */
export function hasConverged(cell: ByRound, control: ByRound | null, precision: number): boolean {
  const logs = logRatiosOf(cell, control ?? unity(cell))
  // In this order: the quick one is mostly the larger.
  return logs !== null && expectedWidth(logs) <= precision && shownWidth(logs, control !== null) <= precision
}

/** Returns the half-width of the interval that a report shows; infinite where the interval covers less than it should. */
function shownWidth(logs: readonly number[], isRatio: boolean): number {
  const interval = isRatio ? ratioInterval(logs) : medianInterval(logs)
  return interval === null || interval.coverage < NOMINAL ? Infinity : halfWidth(logs, interval)
}

function expectedWidth(logs: readonly number[]): number {
  const interval = signedRankInterval(logs, NOMINAL)
  return interval === null ? Infinity : MEDIAN_WIDTH * halfWidth(logs, interval)
}

/** Returns the half-width of an interval of logarithms, as a share of their exponentiated median. */
function halfWidth(logs: readonly number[], { low, high }: Interval): number {
  const center = median(logs) ?? Number.NaN
  return (Math.exp(high - center) - Math.exp(low - center)) / 2
}

/** A control that is always 1: then a log ratio is the logarithm of the value itself. */
function unity(cell: ByRound): ByRound {
  return new Map([...cell.keys()].map((round) => [round, 1]))
}
