/** Intervals of a median that were tried and are not used, held against the one that is. */
import { medianInterval, medianRanks } from '../median-interval.ts'
import { normalQuantile } from '../normal.ts'
import { median, quantile, sorted } from '../quantile.ts'
import { ratioInterval } from '../ratio-interval.ts'
import { signedRankInterval } from '../signed-rank-interval.ts'
import type { IntervalOfMedian } from './coverage.ts'
import type { Random } from './random.ts'

/** Of resamples for the plain bootstrap. */
const RESAMPLES = 499

/** What everybody does first: resamples of n, and the quantiles of their medians. */
const percentileBootstrap: IntervalOfMedian = (values, random) => {
  const medians = resamplesOf(values, random).map((resample) => median(resample) as number)
  return { low: quantile(medians, 0.025) as number, high: quantile(medians, 0.975) as number }
}

/** The distance of a resample's median, in units of its own standard error, stands for that of the sample's. */
const studentisedBootstrap: IntervalOfMedian = (values, random) => {
  const center = median(values) as number
  const distances = resamplesOf(values, random)
    .map((resample) => ((median(resample) as number) - center) / standardError(resample))
    .filter(Number.isFinite)
  const unit = standardError(values)
  return {
    low: center - (quantile(distances, 0.975) ?? Infinity) * unit,
    high: center - (quantile(distances, 0.025) ?? -Infinity) * unit,
  }
}

function resamplesOf(values: readonly number[], random: Random): number[][] {
  const draw = () => values[Math.floor(random.uniform() * values.length)] as number
  return Array.from({ length: RESAMPLES }, () => values.map(draw))
}

/**
 * Of a median, from the width of its interval of 99 %: J. W. McKean and R. M. Schrader, "A comparison of methods for
 * studentizing the sample median", Communications in Statistics B 13 (1984).
 */
function standardError(values: readonly number[]): number {
  const n = values.length
  const z = normalQuantile(0.995)
  const rank = Math.max(Math.round((n + 1) / 2 - z * Math.sqrt(n / 4)), 1)
  const ascending = sorted(values)
  return ((ascending[n - rank] as number) - (ascending[rank - 1] as number)) / (2 * z)
}

/** Two order statistics without interpolation. */
const twoRanks: IntervalOfMedian = (values) => {
  const ranks = medianRanks(values.length)
  const ascending = sorted(values)
  return ranks === null
    ? null
    : { low: ascending[ranks.lower - 1] as number, high: ascending[values.length - ranks.lower] as number }
}

export const ALTERNATIVES: readonly { title: string; interval: IntervalOfMedian }[] = [
  { title: 'BCa bootstrap of the median', interval: (values) => ratioInterval(values) },
  { title: 'interpolated ranks', interval: (values) => medianInterval(values) },
  { title: 'two ranks', interval: twoRanks },
  { title: 'percentile bootstrap, resamples of n', interval: percentileBootstrap },
  { title: 'studentised bootstrap, resamples of n', interval: studentisedBootstrap },
  { title: 'Hodges–Lehmann by signed ranks', interval: (values) => signedRankInterval(values) },
]
