import { describe, expect, it } from 'vitest'
import { logLogSlope } from '../../statistics/log-log-slope.ts'
import { wilsonInterval } from '../../statistics/proportion.ts'
import { tailQuantile } from '../../statistics/tail-quantile.ts'
import { holds, noiseOf } from './coverage.ts'
import { falseModes, falsePositives, modesFound, powerAtDetectableEffect } from './error-rates.ts'
import { shareOf } from './monte-carlo.ts'
import { NORMAL, SYMMETRIC, UNIMODAL } from './noise.ts'

const SEED = 1

describe('at 5 % the signed-rank test finds a difference where there is none', () => {
  it.each(SYMMETRIC)('in at most 5 % of draws, within their error: $title', (noise) => {
    for (const n of [10, 20]) {
      const rate = falsePositives('signed-rank', noise, n, SEED)
      // 4.9 and 4.8 % are what the steps of the exact test leave; three standard errors are 1.5 %.
      expect(rate).toBeGreaterThan(0.034)
      expect(rate).toBeLessThan(0.065)
    }
  })

  it('in 1 of 32 draws of six pairs', () => {
    expect(falsePositives('signed-rank', NORMAL, 6, SEED)).toBeCloseTo(1 / 32, 1.7)
  })
})

describe('at 5 %', () => {
  it.each(['rank-sum', 'drift'] as const)('the test of %s is wrong in at most 5 % of draws', (test) => {
    for (const n of [10, 20]) {
      const rate = falsePositives(test, NORMAL, n, SEED)
      expect(rate).toBeGreaterThan(0.03)
      expect(rate).toBeLessThan(0.065)
    }
  })
})

describe('the effect that is called detectable', () => {
  it.each(SYMMETRIC)('is found in some 80 % of draws: $title', (noise) => {
    const power = powerAtDetectableEffect(noise, 20, SEED)
    expect(power).toBeGreaterThan(0.72)
    expect(power).toBeLessThan(0.88)
  })
})

describe('two modes', () => {
  it.each(UNIMODAL)('are not said of one in more than 1 % of draws: $title', (noise) => {
    for (const n of [10, 20, 40]) expect(falseModes(noise, n, SEED)).toBeLessThanOrEqual(0.01)
  })

  it('are seen where 30 % take a thousand times as long, from 20 samples on', () => {
    // 3.5 % of draws of 20 have fewer than three in the upper mode.
    expect(modesFound(1000, 0.3, 20, SEED)).toBeGreaterThan(0.95)
    expect(modesFound(1000, 0.3, 40, SEED)).toBeGreaterThan(0.995)
  })
})

describe('other intervals of 95 %', () => {
  it('of an exponent, of six sizes with normal scatter', () => {
    const coverage = shareOf(SEED, (random) => {
      const points = noiseOf(random, NORMAL, 6).map((noise, index) => ({
        x: 2 ** index,
        y: 2 ** index * Math.exp(0.1 * noise),
      }))
      return holds(logLogSlope(points), 1)
    })
    expect(coverage).toBeGreaterThanOrEqual(0.93)
    expect(coverage).toBeLessThanOrEqual(0.97)
  })

  it('of a proportion of 40 trials, in the mean over the proportions, as Wilson’s does', () => {
    const coverage = shareOf(SEED, (random) => {
      const truth = random.uniform()
      const successes = Array.from({ length: 40 }, () => random.uniform() < truth).filter(Boolean).length
      return holds(wilsonInterval(successes, 40), truth)
    })
    expect(coverage).toBeGreaterThanOrEqual(0.93)
    expect(coverage).toBeLessThanOrEqual(0.97)
  })

  it('of a 95th percentile, what it says that it attains', () => {
    const attained =
      tailQuantile(
        Array.from({ length: 100 }, (_, index) => index),
        0.95,
      )?.coverage ?? 0
    const coverage = shareOf(SEED, (random) => {
      const durations = Array.from({ length: 100 }, () => -Math.log(random.uniform()))
      return holds(tailQuantile(durations, 0.95), Math.log(20))
    })
    expect(Math.abs(coverage - attained)).toBeLessThan(0.015)
  })
})
