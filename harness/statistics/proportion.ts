import { normalQuantile } from './normal.ts'

/**
 * Wilson's score interval of a proportion. Of no trials: 0 to 1.
 *
 * E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the American
 * Statistical Association 22 (1927).
 */
export function wilsonInterval(successes: number, n: number, nominal = 0.95): { low: number; high: number } {
  if (n === 0) return { low: 0, high: 1 }
  const z = normalQuantile((1 + nominal) / 2)
  const share = successes / n
  const center = share + (z * z) / (2 * n)
  const reach = z * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n))
  const scale = 1 + (z * z) / n
  // The score's limits at none and at all, which rounding would miss.
  return {
    low: successes === 0 ? 0 : (center - reach) / scale,
    high: successes === n ? 1 : (center + reach) / scale,
  }
}
