import { logBeta } from './log-gamma.ts'

/** Smallest number that the continued fraction may be divided by. */
const TINY = 1e-300
const MOST_TERMS = 10_000

/**
 * Returns the regularised incomplete beta function I_x(a, b), to 12 digits however small it is; a and b > 0. `rest` is
 * 1 − x, which the caller may know with more digits where x is near 1.
 *
 * NIST Digital Library of Mathematical Functions, 8.17.22 (continued fraction) and 8.17.4 (the other end), evaluated by the
 * method of W. J. Lentz, "Generating Bessel functions in Mie scattering calculations using continued fractions",
 * Applied Optics 15 (1976).
 */
export function incompleteBeta(x: number, a: number, b: number, rest = 1 - x): number {
  if (!(x >= 0 && rest >= 0 && a > 0 && b > 0)) {
    throw new RangeError(`I_x(a, b) needs 0 ≤ x ≤ 1 and a, b > 0, not x = ${x}, a = ${a}, b = ${b}`)
  }
  if (x === 0) return 0
  if (rest === 0) return 1
  const factor = Math.exp(a * logOf(x, rest) + b * logOf(rest, x) - logBeta(a, b))
  // The fraction converges fast on this side of the mean alone.
  return x <= (a + 1) / (a + b + 2)
    ? (factor / a) * continuedFraction(x, a, b)
    : 1 - (factor / b) * continuedFraction(rest, b, a)
}

/** Returns ln x, from 1 − x where that has more digits. */
function logOf(x: number, rest: number): number {
  return rest < 0.5 ? Math.log1p(-rest) : Math.log(x)
}

function continuedFraction(x: number, a: number, b: number): number {
  let numerator = 1
  let denominator = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1))
  let value = denominator
  for (let m = 1; m <= MOST_TERMS; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    let step = 1
    for (const coefficient of [even, odd]) {
      denominator = 1 / awayFromZero(1 + coefficient * denominator)
      numerator = awayFromZero(1 + coefficient / numerator)
      step = denominator * numerator
      value *= step
    }
    if (Math.abs(step - 1) <= Number.EPSILON) return value
  }
  throw new RangeError(`the continued fraction of I_x(a, b) did not converge at x = ${x}, a = ${a}, b = ${b}`)
}

function awayFromZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value
}
