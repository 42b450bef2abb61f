import { normalCdf } from './normal.ts'
import { EXACT_UP_TO } from './ranks.ts'

/**
 * Returns the two-sided p of the Mann–Kendall test, whose null hypothesis is that values show no trend over time. Exact
 * up to 50 values without ties; else the normal approximation with the variance for ties and a continuity correction.
 * Takes n² steps.
 *
 * H. B. Mann, "Nonparametric tests against trend", Econometrica 13 (1945); M. G. Kendall, Rank Correlation Methods, 4th
 * edition (1970), chapters 4 and 5.
 */
export function mannKendall(values: readonly number[]): number {
  const n = values.length
  const pairs = (n * (n - 1)) / 2
  const score = Math.abs(scoreOf(values))
  const tied = tieSizes(values)
  if (tied.length === 0 && n <= EXACT_UP_TO) return Math.min(2 * atMostFalling(n, (pairs - score) / 2), 1)
  const spread = (size: number) => size * (size - 1) * (2 * size + 5)
  const variance = (spread(n) - tied.reduce((sum, size) => sum + spread(size), 0)) / 18
  return variance === 0 ? 1 : Math.min(2 * normalCdf((1 - score) / Math.sqrt(variance)), 1)
}

/** Pairs that rise less pairs that fall. */
function scoreOf(values: readonly number[]): number {
  let score = 0
  for (let later = 1; later < values.length; later += 1) {
    const value = values[later] as number
    for (let earlier = 0; earlier < later; earlier += 1)
      score += Math.sign(value - (values[earlier] as number))
  }
  return score
}

function tieSizes(values: readonly number[]): number[] {
  const counts = new Map<number, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts.values()].filter((count) => count > 1)
}

/**
 * P(a random order of n has at most `limit` falling pairs). The k-th value falls below any number 0 … k−1 of those before
 * it, each as likely: the next distribution is the mean of k neighbours of the last.
 */
function atMostFalling(n: number, limit: number): number {
  let probabilities = new Float64Array(limit + 1)
  probabilities[0] = 1
  for (let k = 2; k <= n; k += 1) {
    const next = new Float64Array(limit + 1)
    let window = 0
    for (let falling = 0; falling <= limit; falling += 1) {
      window += probabilities[falling] as number
      if (falling >= k) window -= probabilities[falling - k] as number
      next[falling] = window / k
    }
    probabilities = next
  }
  return probabilities.reduce((sum, probability) => sum + probability, 0)
}
