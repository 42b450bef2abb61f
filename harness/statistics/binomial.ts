import { logGamma } from './log-gamma.ts'

/** Up to here every factor of a binomial coefficient is a whole number below 2^53, so that the coefficient is exact. */
const EXACT_TO = 50

/**
 * Returns P(B = k), B binomial (n, p). Of few trials with an exact coefficient, which makes that of p = ½ exact; of more by
 * logarithms, so that no power underflows.
 */
export function binomialProbability(n: number, k: number, p: number): number {
  if (p <= 0) return k === 0 ? 1 : 0
  if (p >= 1) return k === n ? 1 : 0
  if (n <= EXACT_TO) return coefficient(n, k) * p ** k * (1 - p) ** (n - k)
  const logarithm = logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1) + k * Math.log(p)
  return Math.exp(logarithm + (n - k) * Math.log1p(-p))
}

function coefficient(n: number, k: number): number {
  let ways = 1
  for (let taken = 1; taken <= Math.min(k, n - k); taken += 1) ways = (ways * (n - taken + 1)) / taken
  return ways
}
