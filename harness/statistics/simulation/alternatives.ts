/** Intervals of a median that were tried and are not used, held against the one that is. */
import { medianInterval, medianRanks } from '../median-interval.ts'
import { median, quantile, sorted } from '../quantile.ts'
import { ratioInterval } from '../ratio-interval.ts'
import { signedRankInterval } from '../signed-rank-interval.ts'
import type { IntervalOfMedian } from './coverage.ts'

/** Of resamples for the plain bootstrap. */
const RESAMPLES = 499

/** What everybody does first: resamples of n, and the quantiles of their medians. */
const percentileBootstrap: IntervalOfMedian = (values, random) => {
  const medians = Array.from({ length: RESAMPLES }, () => {
    const resample = values.map(() => values[Math.floor(random.uniform() * values.length)] as number)
    return median(resample) as number
  })
  return { low: quantile(medians, 0.025) as number, high: quantile(medians, 0.975) as number }
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
  { title: 'Hodges–Lehmann by signed ranks', interval: (values) => signedRankInterval(values) },
]
