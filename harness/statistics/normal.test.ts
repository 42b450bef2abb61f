import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normalCdf, normalQuantile } from './normal.ts'

describe('normalCdf', () => {
  it.each([
    // Abramowitz and Stegun, table 26.1, and SciPy for the far tail.
    [0, 0.5],
    [0.5, 0.691462461274013],
    [1, 0.841344746068543],
    [1.959963984540054, 0.975],
    [-3, 0.0013498980316300946],
    [-10, 7.619853024160527e-24],
    [-30, 4.906713927148187e-198],
  ])('of %f is %f', (z, p) => {
    expect(normalCdf(z) / p).toBeCloseTo(1, 12)
  })

  it('has no step where the series gives way to the continued fraction', () => {
    expect(normalCdf(2.5) - normalCdf(2.5 - 1e-9)).toBeCloseTo(1e-9 * Math.exp(-3.125) * 0.3989422804, 15)
  })

  it('of both sides sums to 1', () => {
    fc.assert(
      fc.property(fc.double({ min: -8, max: 8, noNaN: true }), (z) => {
        expect(normalCdf(z) + normalCdf(-z)).toBeCloseTo(1, 14)
      }),
    )
  })
})

describe('normalQuantile', () => {
  it('is the inverse, far into the tail', () => {
    fc.assert(
      fc.property(fc.double({ min: -300, max: Math.log10(0.5), noNaN: true }), (exponent) => {
        const p = 10 ** exponent
        expect(normalCdf(normalQuantile(p)) / p).toBeCloseTo(1, 9)
      }),
    )
  })

  it('has the digits that tables print', () => {
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 12)
    expect(normalQuantile(0.8)).toBeCloseTo(0.8416212335729143, 12)
    expect(normalQuantile(0.5)).toBe(0)
  })

  it('refuses a probability that has none', () => {
    for (const p of [0, 1, -0.1, 1.1, Number.NaN]) expect(() => normalQuantile(p)).toThrow(RangeError)
  })
})
