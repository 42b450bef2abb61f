import { logGamma } from './log-gamma.ts'

/** P(B = k), B binomial (n, p). By logarithms, so that no power underflows. */
export function binomialProbability(n: number, k: number, p: number): number {
  if (p <= 0) return k === 0 ? 1 : 0
  if (p >= 1) return k === n ? 1 : 0
  const logarithm = logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1) + k * Math.log(p)
  return Math.exp(logarithm + (n - k) * Math.log1p(-p))
}
