import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { digamma, inverseTrigamma, trigamma } from './polygamma.ts'

const EULER = 0.577_215_664_901_532_9
const CATALAN = 0.915_965_594_177_219

describe('digamma', () => {
  it.each([
    // Abramowitz and Stegun, 6.3.2 and 6.3.3, and table 6.1 with more digits by mpmath at a precision of 40.
    [1, -EULER],
    [1 / 2, -EULER - 2 * Math.LN2],
    [1 / 4, -EULER - Math.PI / 2 - 3 * Math.LN2],
    [2, 1 - EULER],
    [2.5, 0.703_156_640_645_243_2],
    [100, 4.600_161_852_738_087],
    [1e6, 13.815_510_057_964_191],
  ])('of %s is %s', (x, expected) => {
    expect(Math.abs(digamma(x) / expected - 1)).toBeLessThan(1e-13)
  })
})

describe('trigamma', () => {
  it.each([
    // Abramowitz and Stegun, 6.4.2 and 6.4.4; of a quarter: NIST Digital Library of Mathematical Functions, 5.15 and 5.4.
    [1, Math.PI ** 2 / 6],
    [1 / 2, Math.PI ** 2 / 2],
    [1 / 4, Math.PI ** 2 + 8 * CATALAN],
    [3, Math.PI ** 2 / 6 - 1.25],
    [14.9, 0.069_416_583_207_095_79],
    [1e6, 1.000_000_500_000_166_7e-6],
  ])('of %s is %s', (x, expected) => {
    expect(Math.abs(trigamma(x) / expected - 1)).toBeLessThan(1e-13)
  })

  it('is the slope of digamma', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 50, noNaN: true }), (x) => {
        const step = 1e-5 * x
        expect((digamma(x + step) - digamma(x - step)) / (2 * step) / trigamma(x)).toBeCloseTo(1, 7)
      }),
    )
  })
})

describe('inverseTrigamma', () => {
  it('is the inverse', () => {
    fc.assert(
      fc.property(fc.double({ min: -40, max: 40, noNaN: true }), (logarithm) => {
        const y = Math.exp(logarithm)
        expect(trigamma(inverseTrigamma(y)) / y).toBeCloseTo(1, 12)
      }),
    )
  })
})

it('polygamma functions refuse what has no value', () => {
  for (const x of [0, -1, Number.NaN]) {
    expect(() => digamma(x)).toThrow(RangeError)
    expect(() => trigamma(x)).toThrow(RangeError)
    expect(() => inverseTrigamma(x)).toThrow(RangeError)
  }
})
