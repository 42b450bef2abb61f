import { medianBootstrap } from './median-bootstrap.ts'
import { type Interval, medianInterval } from './median-interval.ts'

/** Beyond, the bootstrap and the ranks agree to within a hundredth of the width, and only the ranks stay cheap. */
const BOOTSTRAP_UP_TO = 100

/**
 * Returns the interval of the median of log ratios: by the BCa bootstrap; by ranks of more than 100 pairs; and of fewer
 * than 6, where 95 % cannot be had, from minimum to maximum with the coverage that this attains. Null below 2.
 */
export function ratioInterval(logRatios: readonly number[]): Interval | null {
  const bootstrap = logRatios.length > BOOTSTRAP_UP_TO ? null : medianBootstrap(logRatios)
  return bootstrap ?? medianInterval(logRatios)
}
