import { mean } from './moments.ts'
import { median } from './quantile.ts'

/** Threshold of the modified z-score that Iglewicz and Hoaglin recommend. */
const THRESHOLD = 3.5

/** Standard deviations of a normal distribution in its median absolute deviation: 1 / Φ⁻¹(¾). */
const MEDIAN_DEVIATION = 1.4826022185056018

/** And in its mean absolute deviation: √(π/2). */
const MEAN_DEVIATION = Math.sqrt(Math.PI / 2)

/**
 * Indexes, ascending, of values whose modified z-score is above 3.5: their distance from the median in units of the
 * median absolute deviation. Where more than half of the values are equal that deviation is nought, and the mean
 * absolute deviation stands in for it. A mark for the reader: no value is left out of anything for it.
 *
 * B. Iglewicz and D. C. Hoaglin, How to Detect and Handle Outliers, ASQC Basic References in Quality Control 16
 * (1993).
 */
export function outlierIndexes(values: readonly number[]): number[] {
  const center = median(values)
  if (center === null) return []
  const distances = values.map((value) => Math.abs(value - center))
  const unit = spread(distances)
  return [...values.keys()].filter((index) => (distances[index] as number) > THRESHOLD * unit)
}

/** From distances to the median, an estimate of the standard deviation. */
function spread(distances: readonly number[]): number {
  const middle = median(distances) ?? 0
  if (middle > 0) return MEDIAN_DEVIATION * middle
  return MEAN_DEVIATION * mean(distances)
}
