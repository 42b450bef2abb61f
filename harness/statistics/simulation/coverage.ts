import { type Interval, medianInterval } from '../median-interval.ts'
import { logRatiosOf } from '../paired-ratio.ts'
import { ratioInterval } from '../ratio-interval.ts'
import { median } from '../quantile.ts'
import { drawsOf, shareOf } from './monte-carlo.ts'
import type { Noise } from './noise.ts'
import type { Random } from './random.ts'
import { DRIFT_ALONE, LEVEL, simulatePairs } from './rounds.ts'

const SCALE = 0.05
const RATIO = 1.25

/** Of n values with this noise, whose true median is 0. */
export type IntervalOfMedian = (
  values: readonly number[],
  random: Random,
) => Pick<Interval, 'low' | 'high'> | null

export function noiseOf(random: Random, noise: Noise, n: number): number[] {
  return Array.from({ length: n }, () => noise.draw(random))
}

/** How often the interval of a cell's median holds the true one. */
export function coverageOfMedian(noise: Noise, n: number, seed: number): number {
  return shareOf(seed, (random) => {
    const values = noiseOf(random, noise, n).map((value) => LEVEL * Math.exp(SCALE * value))
    return holds(medianInterval(values), LEVEL)
  })
}

/** The same of rounds that resemble each other: no interval of independent samples can be right. */
export function coverageOfMedianInDrift(n: number, seed: number): number {
  return shareOf(seed, (random) => {
    const { control } = simulatePairs(random, DRIFT_ALONE, n)
    return holds(medianInterval([...control.values()]), LEVEL)
  })
}

/** How often the interval of a paired ratio holds the true one: as `pairedRatio` takes it, without the p that it takes too. */
export function coverageOfRatio(noise: Noise, n: number, seed: number): number {
  return shareOf(seed, (random) => {
    const { cell, control } = simulatePairs(random, { noise, scale: SCALE, ratio: RATIO }, n)
    return holds(ratioInterval(logRatiosOf(cell, control) ?? []), Math.log(RATIO))
  })
}

/** How often an interval holds the true median, and its median width. */
export function coverageOf(
  interval: IntervalOfMedian,
  noise: Noise,
  n: number,
  seed: number,
): { coverage: number; width: number } {
  const intervals = drawsOf(seed, (random) => interval(noiseOf(random, noise, n), random))
  const widths = intervals.map((one) => (one === null ? Infinity : one.high - one.low))
  return {
    coverage: intervals.filter((one) => holds(one, 0)).length / intervals.length,
    width: median(widths) ?? Number.NaN,
  }
}

export function holds(interval: { low: number | null; high: number | null } | null, truth: number): boolean {
  const { low, high } = interval ?? { low: null, high: null }
  return low !== null && high !== null && low <= truth && truth <= high
}
