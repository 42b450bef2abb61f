import { linearRegression } from 'simple-statistics'

/** A size and what it cost. */
export interface SizedCost {
  x: number
  y: number
}

/**
 * The exponent b of y = a·xᵇ: the slope of an ordinary least-squares line through (log x, log y). 1 where the cost
 * grows with the size, 0 where it does not depend on it. Null where fewer than two sizes differ, or a value is
 * not positive.
 *
 * N. R. Draper and H. Smith, Applied Regression Analysis, 3rd edition (1998), chapter 1.
 */
export function logLogSlope(points: readonly SizedCost[]): number | null {
  if (points.some(({ x, y }) => !(x > 0 && y > 0))) return null
  if (new Set(points.map(({ x }) => x)).size < 2) return null
  return linearRegression(points.map(({ x, y }) => [Math.log(x), Math.log(y)])).m
}
