import { detectableEffect } from '../../statistics/detectable-effect.ts'
import { ALPHA } from '../../statistics/detection.ts'
import { drift } from '../../statistics/drift.ts'
import { modes } from '../../statistics/modes.ts'
import { median } from '../../statistics/quantile.ts'
import { rankSum } from '../../statistics/rank-sum.ts'
import { signedRank } from '../../statistics/signed-rank.ts'
import { noiseOf } from './coverage.ts'
import { drawsOf, shareOf } from './monte-carlo.ts'
import type { Noise } from './noise.ts'
import { DRIFT_ALONE, simulatePairs } from './rounds.ts'

const SCALE = 0.05

/** How often a test finds a difference where there is none. */
export function falsePositives(
  test: 'signed-rank' | 'rank-sum' | 'drift',
  noise: Noise,
  n: number,
  seed: number,
) {
  return shareOf(seed, (random) => {
    const values = noiseOf(random, noise, n)
    const p = {
      'signed-rank': () => signedRank(values)?.p,
      'rank-sum': () => rankSum(values, noiseOf(random, noise, n))?.p,
      drift: () => drift(values.map((value) => Math.exp(SCALE * value)))?.p,
    }[test]()
    return p !== undefined && p <= ALPHA
  })
}

/** Returns how often a trend is found in rounds that resemble each other and go nowhere. */
export function trendsInWandering(n: number, seed: number): number {
  return shareOf(seed, (random) => {
    const p = drift([...simulatePairs(random, DRIFT_ALONE, n).control.values()])?.p
    return p !== undefined && p <= ALPHA
  })
}

/** Returns how often values with one mode are said to have two. On the log scale, as durations come. */
export function falseModes(noise: Noise, n: number, seed: number): number {
  return shareOf(seed, (random) => {
    const values = noiseOf(random, noise, n).map((value) => Math.exp(SCALE * value))
    return modes(values).length > 1
  })
}

/**
 * Returns how often the second mode is seen that `share` of the values have, `factor` times as large, with 5 % of noise
 * in each.
 */
export function modesFound(factor: number, share: number, n: number, seed: number): number {
  return shareOf(seed, (random) => {
    const values = Array.from({ length: n }, () => {
      const level = random.uniform() < share ? factor : 1
      return level * Math.exp(SCALE * random.normal())
    })
    return modes(values).length > 1
  })
}

/**
 * Returns how often the signed-rank test finds a difference as large as {@link detectableEffect} says (its median over
 * all draws).
 */
export function powerAtDetectableEffect(noise: Noise, n: number, seed: number): number {
  const effects = drawsOf(seed, (random) =>
    detectableEffect(noiseOf(random, noise, n).map((value) => SCALE * value)),
  )
  const shift = Math.log1p(median(effects.filter((effect) => effect !== null)) ?? Number.NaN)
  return shareOf(seed + 1, (random) => {
    const values = noiseOf(random, noise, n).map((value) => SCALE * value + shift)
    return (signedRank(values)?.p ?? 1) <= ALPHA
  })
}
