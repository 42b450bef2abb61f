const DENSITY_AT_ZERO = 1 / Math.sqrt(2 * Math.PI)

/** From here on the continued fraction of the tail needs fewer terms than the series around zero. */
const TAIL_FROM = 2.5
const TAIL_TERMS = 80

export function normalDensity(z: number): number {
  return DENSITY_AT_ZERO * Math.exp((-z * z) / 2)
}

/**
 * P(Z ≤ z) of a standard normal Z, to some 14 digits of the smaller tail.
 *
 * Series and continued fraction: M. Abramowitz and I. A. Stegun, Handbook of Mathematical Functions (1964),
 * 26.2.11 and 26.2.14.
 */
export function normalCdf(z: number): number {
  if (Math.abs(z) < TAIL_FROM) return 0.5 + normalDensity(z) * seriesAroundZero(z)
  return z < 0 ? tail(-z) : 1 - tail(z)
}

/** z + z³/3 + z⁵/(3·5) + … */
function seriesAroundZero(z: number): number {
  let term = z
  let sum = z
  for (let odd = 3; Math.abs(term) > Number.EPSILON * Math.abs(sum); odd += 2) {
    term *= (z * z) / odd
    sum += term
  }
  return sum
}

/** P(Z > z), z > 0: the density over z + 1/(z + 2/(z + 3/(z + …))), from the inside out. */
function tail(z: number): number {
  let fraction = z
  for (let k = TAIL_TERMS; k > 0; k -= 1) fraction = z + k / fraction
  return normalDensity(z) / fraction
}

/**
 * Returns the z with P(Z ≤ z) = p, 0 < p < 1. Newton's method: below zero the distribution function is convex, so that every
 * step but the first comes from above and never passes the root. It begins where ½·exp(−z²/2), the bound of the
 * tail, is p.
 */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`a probability lies between 0 and 1, not at ${p}`)
  // By the smaller tail, whose digits are all there.
  if (p > 0.5) return -normalQuantile(1 - p)
  let z = -Math.sqrt(-2 * Math.log(2 * p))
  for (let step = 0; step < 100; step += 1) {
    const by = (normalCdf(z) - p) / normalDensity(z)
    z -= by
    if (Math.abs(by) <= 1e-14 * Math.abs(z)) break
  }
  return z
}
