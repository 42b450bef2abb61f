import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { logBeta, logGamma } from './log-gamma.ts'

describe('logGamma', () => {
  it.each([
    // NIST Digital Library of Mathematical Functions, 5.4, and Abramowitz and Stegun, 6.1.8 to 6.1.13: Γ of fractions.
    [1 / 2, Math.log(1.772_453_850_905_516)],
    [1 / 3, Math.log(2.678_938_534_707_75)],
    [1 / 4, Math.log(3.625_609_908_221_91)],
    [2 / 3, Math.log(1.354_117_939_426_4)],
    [3 / 4, Math.log(1.225_416_702_465_18)],
    // Its minimum: A & S 6.1, DLMF 5.4.20.
    [1.461_632_144_968_36, Math.log(0.885_603_194_410_889)],
    // A & S, table 6.3: factorials.
    [11, Math.log(3_628_800)],
    [21, Math.log(2_432_902_008_176_640_000)],
    [101, Math.log(9.332_621_544_394_415e+157)],
    [1001, 5_912.128_178_488_163],
  ])('of %s is %s', (x, expected) => {
    expect(Math.abs(logGamma(x) - expected)).toBeLessThan(1e-14 * Math.max(1, Math.abs(expected)))
  })

  it('is 0 at 1 and 2', () => {
    expect(logGamma(1)).toBeCloseTo(0, 14)
    expect(logGamma(2)).toBeCloseTo(0, 14)
  })

  it('obeys the formula that doubles the argument', () => {
    // Abramowitz and Stegun, 6.1.18: it binds arguments that are raised to those that are not.
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 1e6, noNaN: true }), (x) => {
        const doubled = logGamma(x) + logGamma(x + 0.5) + (2 * x - 1) * Math.LN2 - Math.log(Math.PI) / 2
        expect(Math.abs(logGamma(2 * x) - doubled)).toBeLessThan(2e-14 * Math.max(1, Math.abs(doubled)))
      }),
    )
  })

  it('refuses an argument that has none', () => {
    for (const x of [0, -1, Number.NaN]) expect(() => logGamma(x)).toThrow(RangeError)
  })
})

describe('logBeta', () => {
  it.each([
    // By mpmath at a precision of 40.
    [2, 3, Math.log(1 / 12)],
    [0.5, 0.5, Math.log(Math.PI)],
    [10, 0.5, -0.566_432_796_397_595_9],
    [0.01, 4, 4.586_904_523_531_209],
    [100, 200, -192.134_192_274_978_94],
    [1000, 500, -956.756_690_959_751_3],
  ])('of %s and %s is %s', (a, b, expected) => {
    expect(Math.abs(logBeta(a, b) / expected - 1)).toBeLessThan(1e-13)
    expect(logBeta(b, a)).toBe(logBeta(a, b))
  })

  it('keeps its digits where one is large', () => {
    // Γ(x + 1) = x·Γ(x).
    for (const x of [1e3, 1e6, 1e9]) expect(logBeta(x, 1) / -Math.log(x)).toBeCloseTo(1, 14)
  })
})
