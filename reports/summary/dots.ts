import { median } from '../../harness/statistics/quantile.ts'
import type { Dots, OverTheRun } from './figures.ts'

/** Maximum number of dots: they show a distribution, and more of them cover each other. */
const MOST_DOTS = 200
/** Digits to which two outliers lie in one place of a chart. */
const DIGITS_OF_A_PLACE = 3
/** Values of a small figure over the run: one for each two pixels or so. */
const MOST_VALUES = 60

/**
 * Returns the measured values that a chart draws, in the order of measurement; `outliers` are indexes. Where there are
 * too many, every nth: an even share of the whole run. Outliers are drawn all; those that would cover each other, once.
 */
export function dotsOf(values: readonly number[], outliers: readonly number[]): Dots {
  const marked = new Set(outliers)
  const others = values.filter((_, index) => !marked.has(index))
  const step = Math.max(1, others.length / MOST_DOTS)
  const count = Math.min(others.length, MOST_DOTS)
  const places = outliers.map((index) => Number(values[index]?.toPrecision(DIGITS_OF_A_PLACE)))
  return {
    values: Array.from({ length: count }, (_, nth) => others[Math.floor(nth * step)] as number),
    outliers: [...new Set(places)],
    of: values.length,
  }
}

/** Values in the order of measurement, in equal parts where there are many. Null of nothing. */
export function overTheRun(values: readonly number[]): OverTheRun | null {
  if (values.length === 0) return null
  const roundsEach = Math.ceil(values.length / MOST_VALUES)
  const count = Math.ceil(values.length / roundsEach)
  const parts = Array.from({ length: count }, (_, nth) =>
    values.slice(nth * roundsEach, (nth + 1) * roundsEach),
  )
  return { values: parts.map((part) => median(part) as number), roundsEach }
}
