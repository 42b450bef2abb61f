/**
 * Whether a rate has settled: SNIA, Solid State Storage Performance Test Specification 2.0.2, definition of steady
 * state. Over a window of five measurements the values lie within 20 % of their mean, from the lowest to the highest,
 * and the straight line of least squares through them rises or falls by at most 10 % of it.
 */

import { mean, sum } from '../../harness/statistics/moments.ts'

/** Measurements of the window. */
export const WINDOW = 5
export const MOST_EXCURSION = 0.2
export const MOST_SLOPE = 0.1

export interface SteadyState {
  attained: boolean
  /** (highest − lowest) ÷ mean */
  excursion: number
  /** Change of the fitted line over the window ÷ mean; negative where it falls. */
  slope: number
}

/** `values`: at least two, equally spaced in time, in order. */
export function steadyState(values: readonly number[]): SteadyState {
  const center = mean(values)
  const excursion = (Math.max(...values) - Math.min(...values)) / center
  const slope = fittedChange(values) / center
  return {
    attained: excursion <= MOST_EXCURSION && Math.abs(slope) <= MOST_SLOPE,
    excursion,
    slope,
  }
}

/** From the first to the last point of the least-squares line over 0, 1, 2 … */
function fittedChange(values: readonly number[]): number {
  const middle = (values.length - 1) / 2
  const offsets = values.map((_, index) => index - middle)
  const covariance = sum(values.map((value, index) => value * (offsets[index] as number)))
  const variance = sum(offsets.map((offset) => offset ** 2))
  return (covariance / variance) * (values.length - 1)
}
