import { median } from './quantile.ts'

/** Values on either side that a value is compared with. */
const NEIGHBOURS = 3
/** Standard deviations from there on which a value is an outlier. */
const FAR = 3
/** Standard deviation of normal noise in median absolute deviations. */
const DEVIATIONS = 1.4826

/**
 * Returns the series with its outliers moved to three standard deviations from the median of themselves and their three neighbours
 * on either side. The standard deviation is that of all distances to such medians, by their median. A change that lasts four
 * values moves the median along, and stays. F. R. Hampel, "The influence curve and its role in robust estimation", Journal of the
 * American Statistical Association 69 (1974); the filter is named after him.
 */
export function clipOutliers(values: readonly number[]): number[] {
  const centers = values.map(
    (value, index) => median(values.slice(Math.max(0, index - NEIGHBOURS), index + NEIGHBOURS + 1)) ?? value,
  )
  const distances = values.map((value, index) => Math.abs(value - (centers[index] as number)))
  const far = FAR * DEVIATIONS * (median(distances) ?? 0)
  return values.map((value, index) => {
    const center = centers[index] as number
    return Math.min(Math.max(value, center - far), center + far)
  })
}
