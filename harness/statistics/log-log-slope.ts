import { mean, sum } from './moments.ts'
import { studentTQuantile } from './student-t.ts'

/** A size and what it cost. */
export interface SizedCost {
  x: number
  y: number
}

export interface LogLogSlope {
  slope: number
  /** Null where two points alone leave nothing to see the scatter by. */
  low: number | null
  high: number | null
  coverage: number | null
}

/**
 * Returns the exponent b of y = a·xᵇ: the slope of an ordinary least-squares line through (log x, log y), with the interval of
 * Student's t from the scatter about the line. 1 where the cost grows with the size, 0 where it does not depend on it.
 * A curve counts as scatter. Null where fewer than two sizes differ, or a value is not positive.
 *
 * N. R. Draper and H. Smith, Applied Regression Analysis, 3rd edition (1998), chapter 1.
 */
export function logLogSlope(points: readonly SizedCost[], nominal = 0.95): LogLogSlope | null {
  if (points.some(({ x, y }) => !(x > 0 && y > 0))) return null
  if (new Set(points.map(({ x }) => x)).size < 2) return null
  const xs = deviations(points.map(({ x }) => Math.log(x)))
  const ys = deviations(points.map(({ y }) => Math.log(y)))
  const spread = sum(xs.map((x) => x * x))
  const slope = sum(xs.map((x, index) => x * (ys[index] as number))) / spread
  const degreesOfFreedom = points.length - 2
  if (degreesOfFreedom === 0) return { slope, low: null, high: null, coverage: null }
  const residual = sum(xs.map((x, index) => ((ys[index] as number) - slope * x) ** 2)) / degreesOfFreedom
  const standardError = Math.sqrt(residual / spread)
  const reach = studentTQuantile((1 + nominal) / 2, degreesOfFreedom) * standardError
  return { slope, low: slope - reach, high: slope + reach, coverage: nominal }
}

/** Returns how far each value lies from the mean of all. */
function deviations(values: readonly number[]): number[] {
  const center = mean(values)
  return values.map((value) => value - center)
}
