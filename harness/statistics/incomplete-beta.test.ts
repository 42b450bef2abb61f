import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { binomialProbability } from './binomial.ts'
import { incompleteBeta } from './incomplete-beta.ts'

describe('incompleteBeta', () => {
  it.each([
    // By mpmath at a precision of 40.
    [0.5, 2, 3, 0.6875],
    [0.01, 0.5, 0.5, 0.063_768_560_858_519_85],
    [0.99, 10, 0.5, 0.657_928_175_156_784_4],
    [0.3, 100, 200, 0.108_843_065_644_909_75],
    [1e-10, 0.01, 4, 0.808_970_484_236_668_6],
    [0.7, 1000, 500, 0.997_304_763_422_649_4],
  ])('at %s of %s and %s is %s', (x, a, b, expected) => {
    expect(Math.abs(incompleteBeta(x, a, b) / expected - 1)).toBeLessThan(1e-12)
  })

  it('is the arcsine law for a half and a half', () => {
    for (const x of [1e-12, 0.2, 0.5, 0.9]) {
      expect(incompleteBeta(x, 0.5, 0.5) / ((2 / Math.PI) * Math.asin(Math.sqrt(x)))).toBeCloseTo(1, 13)
    }
  })

  it('is the sum of binomial probabilities', () => {
    // Abramowitz and Stegun, 26.5.24.
    const trials = fc.integer({ min: 1, max: 40 })
    fc.assert(
      fc.property(trials, fc.nat(), fc.double({ min: 0.01, max: 0.99, noNaN: true }), (n, any, p) => {
        const from = 1 + (any % n)
        let sum = 0
        for (let k = from; k <= n; k += 1) sum += binomialProbability(n, k, p)
        expect(incompleteBeta(p, from, n - from + 1)).toBeCloseTo(sum, 12)
      }),
    )
  })

  it('is 0 at 0 and 1 at 1, and refuses what lies outside', () => {
    expect(incompleteBeta(0, 2, 3)).toBe(0)
    expect(incompleteBeta(1, 2, 3)).toBe(1)
    for (const x of [-0.1, 1.1, Number.NaN]) expect(() => incompleteBeta(x, 2, 3)).toThrow(RangeError)
    expect(() => incompleteBeta(0.5, 0, 3)).toThrow(RangeError)
  })
})
