import { describe, expect, it } from 'vitest'
import { mean, standardDeviation, sum } from './moments.ts'

/**
 * C. Darwin's maize, fifteen differences in eighths of an inch: R. A. Fisher, The Design of Experiments (1935), section
 * 17.
 */
const MAIZE = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]

describe('moments', () => {
  it('are those that Fisher prints of Darwin’s maize: sum 314, mean 20.93, sum of squares 19945', () => {
    expect(sum(MAIZE)).toBe(314)
    expect(mean(MAIZE)).toBeCloseTo(20.9333, 4)
    expect(standardDeviation(MAIZE) ** 2 * 14).toBeCloseTo(19_944.93, 2)
  })

  it('do not lose a small spread about a large mean', () => {
    // NIST, Statistical Reference Datasets, NumAcc4: certified mean 10000000.2, standard deviation 0.1.
    const values = [10_000_000.2, ...Array.from({ length: 500 }, () => [10_000_000.1, 10_000_000.3]).flat()]
    expect(mean(values)).toBeCloseTo(10_000_000.2, 7)
    expect(standardDeviation(values)).toBeCloseTo(0.1, 7)
  })

  it('of too few values are not numbers', () => {
    expect(sum([])).toBe(0)
    expect(mean([])).toBeNaN()
    expect(standardDeviation([1])).toBeNaN()
  })
})
