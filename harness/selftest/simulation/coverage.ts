import { type Interval, medianInterval } from '../../statistics/median-interval.ts'
import { medianRatioInterval } from '../../statistics/median-ratio-interval.ts'
import { logRatiosOf } from '../../statistics/paired-ratio.ts'
import { ratioInterval } from '../../statistics/ratio-interval.ts'
import { median } from '../../statistics/quantile.ts'
import { drawsOf, shareOf } from './monte-carlo.ts'
import type { Noise } from './noise.ts'
import type { Random } from './random.ts'
import { DRIFT_ALONE, LEVEL, simulatePairs } from './rounds.ts'

const SCALE = 0.05
const RATIO = 1.25

/** Returns the coverage for n values with this noise, whose true median is 0. */
export type IntervalOfMedian = (
  values: readonly number[],
  random: Random,
) => Pick<Interval, 'low' | 'high'> | null

export function noiseOf(random: Random, noise: Noise, n: number): number[] {
  return Array.from({ length: n }, () => noise.draw(random))
}

/** Returns how often the interval of a cell's median holds the true one. */
export function coverageOfMedian(noise: Noise, n: number, seed: number): number {
  return shareOf(seed, (random) => {
    const values = noiseOf(random, noise, n).map((value) => LEVEL * Math.exp(SCALE * value))
    return holds(medianInterval(values), LEVEL)
  })
}

/** Returns the same of rounds that resemble each other: no interval of independent samples can be right. */
export function coverageOfMedianInDrift(n: number, seed: number): number {
  return shareOf(seed, (random) => {
    const { control } = simulatePairs(random, DRIFT_ALONE, n)
    return holds(medianInterval([...control.values()]), LEVEL)
  })
}

/**
 * Returns how often the interval of a paired ratio holds the true one: as `pairedRatio` takes it, without the p that it takes
 * too.
 */
export function coverageOfRatio(noise: Noise, n: number, seed: number): number {
  return shareOf(seed, (random) => {
    const { cell, control } = simulatePairs(random, { noise, scale: SCALE, ratio: RATIO }, n)
    return holds(ratioInterval(logRatiosOf(cell, control) ?? []), Math.log(RATIO))
  })
}

/** An interval of the log ratio of two medians, from the logarithms of two independent samples. */
export type IntervalOfTwo = (
  a: readonly number[],
  b: readonly number[],
  random: Random,
) => Pick<Interval, 'low' | 'high'> | null

/** Compares two independent samples, as two runs are compared. */
const ofTwoRuns: IntervalOfTwo = (a, b) => medianRatioInterval(a.map(Math.exp), b.map(Math.exp))

/**
 * Returns how often an interval of the ratio of two medians, whose samples have nothing to do with each other, holds the true
 * one.
 */
export function coverageOfTwo(
  noise: Noise,
  [n, m]: readonly [number, number],
  seed: number,
  interval = ofTwoRuns,
): number {
  return shareOf(seed, (random) => {
    const logs = (count: number, level: number) =>
      noiseOf(random, noise, count).map((value) => Math.log(level) + SCALE * value)
    return holds(interval(logs(n, RATIO * LEVEL), logs(m, LEVEL), random), Math.log(RATIO))
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
