import { linearRegression } from 'simple-statistics'
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
 * The exponent b of y = a·xᵇ: the slope of an ordinary least-squares line through (log x, log y), with the interval of
 * Student's t from the scatter about the line. 1 where the cost grows with the size, 0 where it does not depend on it.
 * A curve counts as scatter. Null where fewer than two sizes differ, or a value is not positive.
 *
 * N. R. Draper and H. Smith, Applied Regression Analysis, 3rd edition (1998), chapter 1.
 */
export function logLogSlope(points: readonly SizedCost[], nominal = 0.95): LogLogSlope | null {
  if (points.some(({ x, y }) => !(x > 0 && y > 0))) return null
  if (new Set(points.map(({ x }) => x)).size < 2) return null
  const logs = points.map(({ x, y }) => [Math.log(x), Math.log(y)] as [number, number])
  const { m: slope, b: intercept } = linearRegression(logs)
  const degreesOfFreedom = points.length - 2
  if (degreesOfFreedom === 0) return { slope, low: null, high: null, coverage: null }
  const residual = sum(logs.map(([x, y]) => (y - intercept - slope * x) ** 2)) / degreesOfFreedom
  const mean = sum(logs.map(([x]) => x)) / logs.length
  const standardError = Math.sqrt(residual / sum(logs.map(([x]) => (x - mean) ** 2)))
  const reach = studentTQuantile((1 + nominal) / 2, degreesOfFreedom) * standardError
  return { slope, low: slope - reach, high: slope + reach, coverage: nominal }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
