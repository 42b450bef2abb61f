import { describe, expect, it } from 'vitest'
import { binomialProbability } from './binomial.ts'

describe('binomialProbability', () => {
  it('is exact for few trials of a fair coin, so that 93.75 % is not shown as 93.7 %', () => {
    expect(binomialProbability(5, 0, 0.5)).toBe(1 / 32)
    expect(binomialProbability(5, 2, 0.5)).toBe(10 / 32)
    expect(binomialProbability(50, 25, 0.5)).toBe(126_410_606_437_752 / 2 ** 50)
  })

  it.each([
    // National Bureau of Standards, Tables of the Binomial Probability Distribution (1950), seven digits.
    [10, 3, 0.2, 0.2013266],
    [20, 5, 0.25, 0.2023312],
    [49, 10, 0.1, 0.0134963],
  ])('of %i trials and %i successes of probability %f is %f', (n, k, p, expected) => {
    expect(binomialProbability(n, k, p)).toBeCloseTo(expected, 6)
  })

  it('goes on where the logarithms begin', () => {
    for (const k of [0, 1, 20, 25, 49, 50]) {
      // C(51, k) = C(50, k) · 51/(51 − k)
      const grown = (binomialProbability(50, k, 0.3) * 51 * 0.7) / (51 - k)
      expect(binomialProbability(51, k, 0.3) / grown).toBeCloseTo(1, 11)
    }
  })

  it('is certain at either end', () => {
    expect([0, 1].map((k) => binomialProbability(1, k, 0))).toEqual([1, 0])
    expect([0, 1].map((k) => binomialProbability(1, k, 1))).toEqual([0, 1])
  })
})
