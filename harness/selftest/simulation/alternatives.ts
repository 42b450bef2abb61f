/** Intervals of a median that were tried and rejected, compared with the one in use. */
import { medianInterval, medianRanks } from '../../statistics/median-interval.ts'
import { normalQuantile } from '../../statistics/normal.ts'
import { quantile, sorted } from '../../statistics/quantile.ts'
import { ratioInterval } from '../../statistics/ratio-interval.ts'
import { midpoint } from '../../statistics/resampled-medians.ts'
import { signedRankInterval } from '../../statistics/signed-rank-interval.ts'
import type { IntervalOfMedian } from './coverage.ts'
import type { Random } from './random.ts'

const RESAMPLES = 199

/** Returns the usual bootstrap interval: resamples of n, and the quantiles of their medians. */
const percentileBootstrap: IntervalOfMedian = (values, random) => {
  const medians = resamplesOf(values, random).map(middleOf)
  return { low: quantile(medians, 0.025) as number, high: quantile(medians, 0.975) as number }
}

/** The distance of a resample's median, in units of its own standard error, stands for that of the sample's. */
const studentisedBootstrap: IntervalOfMedian = (values, random) => {
  const sample = sorted(values)
  const center = middleOf(sample)
  const distances = resamplesOf(values, random)
    .map((resample) => (middleOf(resample) - center) / standardError(resample))
    // A resample may have no spread at all.
    .filter(Number.isFinite)
  const unit = standardError(sample)
  return {
    low: center - (quantile(distances, 0.975) ?? Infinity) * unit,
    high: center - (quantile(distances, 0.025) ?? -Infinity) * unit,
  }
}

/** Returns the same of the difference of two medians whose samples are independent. */
export function percentileBootstrapOfTwo(
  a: readonly number[],
  b: readonly number[],
  random: Random,
): ReturnType<IntervalOfMedian> {
  const others = resamplesOf(b, random).map(middleOf)
  const differences = resamplesOf(a, random).map(
    (resample, nth) => middleOf(resample) - (others[nth] as number),
  )
  return { low: quantile(differences, 0.025) as number, high: quantile(differences, 0.975) as number }
}

/** Returns each in ascending order. */
function resamplesOf(values: readonly number[], random: Random): Float64Array[] {
  return Array.from({ length: RESAMPLES }, () => {
    const resample = new Float64Array(values.length)
    for (let draw = 0; draw < values.length; draw += 1) {
      resample[draw] = values[Math.floor(random.uniform() * values.length)] as number
    }
    return resample.sort()
  })
}

function middleOf(ascending: Float64Array): number {
  return midpoint(ascending, Math.ceil(ascending.length / 2) - 1, Math.floor(ascending.length / 2))
}

/** Half the width of an interval of 99 % in standard errors. */
const Z = normalQuantile(0.995)

/**
 * Returns the standard error of a median, from the width of its interval: J. W. McKean and R. M. Schrader, "A comparison
 * of methods for studentizing the sample median", Communications in Statistics B 13 (1984).
 */
function standardError(ascending: Float64Array): number {
  const n = ascending.length
  const rank = Math.max(Math.round((n + 1) / 2 - Z * Math.sqrt(n / 4)), 1)
  return ((ascending[n - rank] as number) - (ascending[rank - 1] as number)) / (2 * Z)
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
