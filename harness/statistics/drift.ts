import { mannKendall } from './mann-kendall.ts'
import { mean } from './moments.ts'
import { median } from './quantile.ts'

/** Below this many values in order no order is rare enough to be called a trend at 5 %. */
const MINIMUM = 5

/** Number of blocks that a longer series is first averaged into, since both methods look at all pairs. */
const BLOCKS = 400

export interface Drift {
  /** From the first to the last value along the trend line, relative: 0.1 is 10 % more. */
  change: number
  /** Two-sided, of the test of Mann and Kendall. It takes the values for independent but for the trend. */
  p: number
  /** Correlation of neighbours, −1…1; beyond ±2/√n the values are not independent, and their intervals are too narrow. */
  autocorrelation: number
}

/**
 * Whether values in order of measurement move with time. The line is that of Theil and Sen through the logarithms: its
 * slope is the median of the slopes of all pairs, which no minority of outliers can move. Null below 5 values, and where
 * one is not positive.
 *
 * P. K. Sen, "Estimates of the regression coefficient based on Kendall's tau", Journal of the American Statistical
 * Association 63 (1968).
 */
export function drift(values: readonly number[]): Drift | null {
  if (values.length < MINIMUM || !values.every((value) => value > 0)) return null
  const blocks = inBlocks(values)
  return {
    change: Math.expm1(theilSenSlope(blocks.map(Math.log)) * (blocks.length - 1)),
    p: mannKendall(blocks),
    autocorrelation: autocorrelation(values.map(Math.log)),
  }
}

/** Medians of at most {@link BLOCKS} runs of neighbours of about the same length. */
function inBlocks(values: readonly number[]): number[] {
  if (values.length <= BLOCKS) return [...values]
  const start = (block: number) => Math.floor((block * values.length) / BLOCKS)
  return Array.from(
    { length: BLOCKS },
    (_, block) => median(values.slice(start(block), start(block + 1))) as number,
  )
}

/** Per step. */
function theilSenSlope(values: readonly number[]): number {
  const slopes: number[] = []
  for (let later = 1; later < values.length; later += 1) {
    const value = values[later] as number
    for (let earlier = 0; earlier < later; earlier += 1) {
      slopes.push((value - (values[earlier] as number)) / (later - earlier))
    }
  }
  return median(slopes) ?? 0
}

/**
 * Returns the autocorrelation at lag one; 0 if all values are the same.
 *
 * G. E. P. Box and G. M. Jenkins, Time Series Analysis: Forecasting and Control (1976), section 2.1.5.
 */
function autocorrelation(values: readonly number[]): number {
  // From the first value, so that the mean of values that are all the same is that value to the last bit.
  const distances = values.map((value) => value - (values[0] as number))
  const center = mean(distances)
  let previous = 0
  let products = 0
  let squares = 0
  for (const distance of distances) {
    const deviation = distance - center
    products += deviation * previous
    squares += deviation ** 2
    previous = deviation
  }
  return squares === 0 ? 0 : products / squares
}
