import { logGamma } from './log-gamma.ts'
import { normalQuantile } from './normal.ts'

/**
 * P(T ≤ t) of Student's t with a whole number of degrees of freedom: the finite trigonometric sums of M. Abramowitz
 * and I. A. Stegun, Handbook of Mathematical Functions (1964), 26.7.3 and 26.7.4.
 */
export function studentTCdf(t: number, degreesOfFreedom: number): number {
  const angle = Math.atan(t / Math.sqrt(degreesOfFreedom))
  const cosine = Math.cos(angle)
  const odd = degreesOfFreedom % 2 === 1
  let term = odd ? cosine : 1
  let sum = degreesOfFreedom === 1 ? 0 : term
  for (let k = odd ? 3 : 2; k < degreesOfFreedom; k += 2) {
    term *= ((k - 1) / k) * cosine * cosine
    sum += term
  }
  const within = odd ? (2 / Math.PI) * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum
  return (1 + within) / 2
}

/**
 * The t with P(T ≤ t) = p, ½ ≤ p < 1. Newton's method from the normal quantile, which lies below: the distribution
 * function is concave there, so the steps climb to the root and never pass it.
 */
export function studentTQuantile(p: number, degreesOfFreedom: number): number {
  if (!(p >= 0.5 && p < 1)) throw new RangeError(`a probability of the upper half is asked for, not ${p}`)
  let t = Math.max(normalQuantile(p), 0)
  for (let step = 0; step < 100; step += 1) {
    const by = (p - studentTCdf(t, degreesOfFreedom)) / studentTDensity(t, degreesOfFreedom)
    t += by
    if (Math.abs(by) <= 1e-13 * t) break
  }
  return t
}

function studentTDensity(t: number, degreesOfFreedom: number): number {
  const half = degreesOfFreedom / 2
  const scale = logGamma(half + 0.5) - logGamma(half) - Math.log(degreesOfFreedom * Math.PI) / 2
  return Math.exp(scale - (half + 0.5) * Math.log1p((t * t) / degreesOfFreedom))
}
