import { incompleteBeta } from './incomplete-beta.ts'
import { logBeta } from './log-gamma.ts'
import { normalCdf, normalQuantile } from './normal.ts'

/** From here on the expansion is exact to 12 digits, and the incomplete beta function loses some. */
const NEARLY_NORMAL = 1e6

/**
 * Returns P(T > t) of Student's t with any number of degrees of freedom above 0, infinity included, to 10 digits however
 * small it is: M. Abramowitz and I. A. Stegun, Handbook of Mathematical Functions (1964), 26.7.1 and 26.5.2.
 */
export function studentTTail(t: number, degreesOfFreedom: number): number {
  if (!(degreesOfFreedom > 0))
    throw new RangeError(`degrees of freedom lie above 0, not at ${degreesOfFreedom}`)
  if (degreesOfFreedom > NEARLY_NORMAL) return normalCdf(-normalOf(t, degreesOfFreedom))
  if (t < 0) return 1 - studentTTail(-t, degreesOfFreedom)
  const square = t * (t / degreesOfFreedom)
  return incompleteBeta(1 / (1 + square), degreesOfFreedom / 2, 0.5, 1 / (1 + 1 / square)) / 2
}

/**
 * Returns the normal value with the same tail as t, for many degrees of freedom: R. A. Fisher, "Expansion of Student's
 * integral in powers of n⁻¹", Metron 5 (1925).
 */
function normalOf(t: number, degreesOfFreedom: number): number {
  // Farther out the tail is below the least number that there is.
  if (Math.abs(t) > 40) return t
  const first = (t ** 3 + t) / 4
  const second = (13 * t ** 5 + 8 * t ** 3 + 3 * t) / 96
  return t - first / degreesOfFreedom + second / degreesOfFreedom ** 2
}

/** Returns P(T ≤ t) of Student's t. */
export function studentTCdf(t: number, degreesOfFreedom: number): number {
  return studentTTail(-t, degreesOfFreedom)
}

/**
 * Returns the t with P(T ≤ t) = p, ½ ≤ p < 1; Infinity where it is above all numbers, as with few hundredths of a degree of
 * freedom. Newton's method on the logarithms of the tail and of t: the one is a concave function of the other, so that every
 * step but the first comes from above and never passes the root, and it is nearly straight where t is large.
 */
export function studentTQuantile(p: number, degreesOfFreedom: number): number {
  if (!(p >= 0.5 && p < 1)) throw new RangeError(`a probability of the upper half is asked for, not ${p}`)
  let t = Math.max(normalQuantile(p), 0)
  for (let step = 0; step < 100 && t > 0 && t < Infinity; step += 1) {
    const tail = studentTTail(t, degreesOfFreedom)
    const by = (Math.log(tail / (1 - p)) * tail) / (t * studentTDensity(t, degreesOfFreedom))
    t *= Math.exp(by)
    if (Math.abs(by) <= 1e-13) break
  }
  return t
}

function studentTDensity(t: number, degreesOfFreedom: number): number {
  const scale = -logBeta(degreesOfFreedom / 2, 0.5) - Math.log(degreesOfFreedom) / 2
  return Math.exp(scale - ((degreesOfFreedom + 1) / 2) * Math.log1p(t * (t / degreesOfFreedom)))
}
