import { medianInterval } from '../../harness/statistics/median-interval.ts'
import { median } from '../../harness/statistics/quantile.ts'
import type { Estimate } from './figures.ts'

/** Median and its interval; null of nothing. */
export function estimate(values: readonly number[]): Estimate | null {
  const middle = median(values)
  if (middle === null) return null
  const interval = medianInterval(values)
  return {
    n: values.length,
    median: middle,
    low: interval?.low ?? null,
    high: interval?.high ?? null,
    coverage: interval?.coverage ?? null,
  }
}
