import { medianRatioInterval } from './median-ratio-interval.ts'
import { median } from './quantile.ts'
import { rankSum } from './rank-sum.ts'

export interface IndependentRatio {
  /** Ratio of the medians: 0 or Infinity where one of them is 0, null where both are. */
  ratio: number | null
  /** Null where either has fewer than 5 samples; from 0 to Infinity. */
  low: number | null
  high: number | null
  coverage: number | null
  /** Two-sided, of the rank-sum test that both are of one distribution. */
  p: number
  /** The smallest p that samples of these sizes can have. */
  leastP: number
}

/**
 * Returns the ratio of the median of `a` to that of `b`, two independent samples: nothing pairs the rounds of one run
 * with those of another. A 0 counts as any other value: the test goes by ranks. Null where either is empty, or holds a
 * negative value, which has no ratio.
 */
export function independentRatio(a: readonly number[], b: readonly number[]): IndependentRatio | null {
  const [one, other] = [median(a), median(b)]
  const test = rankSum(a, b)
  if (one === null || other === null || test === null) return null
  if ([...a, ...b].some((value) => value < 0)) return null
  const interval = medianRatioInterval(a, b)
  return {
    ratio: one === 0 && other === 0 ? null : one / other,
    low: interval === null ? null : Math.exp(interval.low),
    high: interval === null ? null : Math.exp(interval.high),
    coverage: interval?.coverage ?? null,
    p: test.p,
    leastP: leastP(a.length, b.length),
  }
}

/** Returns the smallest p of the rank-sum test: the two orders in which the samples lie apart, of all choices of ranks. */
export function leastP(n: number, m: number): number {
  let choices = 1
  for (let drawn = 1; drawn <= Math.min(n, m); drawn += 1) {
    choices = (choices * (Math.max(n, m) + drawn)) / drawn
  }
  return Math.min(1, 2 / choices)
}

/**
 * Returns p of the null hypothesis that the values of `a` are those of `b` times a factor that lies outside 1 ÷ (1 +
 * `margin`) … 1 + `margin`: small where the two are about the same. The larger p of two one-sided rank-sum tests, each of the
 * values scaled by a margin. 1 where either is empty.
 *
 * D. J. Schuirmann, "A comparison of the two one-sided tests procedure and the power approach for assessing the
 * equivalence of average bioavailability", Journal of Pharmacokinetics and Biopharmaceutics 15 (1987).
 */
export function independentSameP(a: readonly number[], b: readonly number[], margin: number): number {
  const scaled = (values: readonly number[]) => values.map((value) => value * (1 + margin))
  return Math.max(smallerP(a, scaled(b)), smallerP(b, scaled(a)))
}

/** One-sided p: small where the values of `a` are the smaller ones. */
function smallerP(a: readonly number[], b: readonly number[]): number {
  const test = rankSum(a, b)
  if (test === null) return 1
  return test.u <= (a.length * b.length) / 2 ? test.p / 2 : 1 - test.p / 2
}
