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
  ])('of %s is %s', (z, p) => {
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

  it.each([
    // M. J. Wichura, "Algorithm AS 241", Applied Statistics 37 (1988): the values that he prints to check it by.
    [0.25, -0.674_489_750_196_082],
    [0.001, -3.090_232_306_167_81],
    [1e-20, -9.262_340_089_798_41],
    // Abramowitz and Stegun, tables 26.1 and 26.5.
    [0.975, 1.959_963_984_540_054],
    [0.8, 0.841_621_233_572_914_3],
    [0.995, 2.575_829_303_548_9],
  ])('of %s is %s', (p, z) => {
    expect(normalQuantile(p) / z).toBeCloseTo(1, 14)
  })

  it('of one half is 0', () => {
    expect(normalQuantile(0.5)).toBe(0)
  })

  it('refuses a probability that has none', () => {
    for (const p of [0, 1, -0.1, 1.1, Number.NaN]) expect(() => normalQuantile(p)).toThrow(RangeError)
  })
})
