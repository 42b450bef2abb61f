import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normalCdf } from './normal.ts'
import { studentTCdf, studentTQuantile } from './student-t.ts'

describe('studentTQuantile', () => {
  it.each([
    // The column of 97.5 % in every printed table, with more digits by mpmath at a precision of 50.
    [1, 12.706_204_736_174_7],
    [2, 4.302_652_729_749_46],
    [3, 3.182_446_305_283_71],
    [5, 2.570_581_835_636_31],
    [10, 2.228_138_851_986_27],
    [23, 2.068_657_610_419_05],
    [30, 2.042_272_456_301_24],
    [120, 1.979_930_405_082_44],
  ])('at 0.975, with %s degrees of freedom, is %s', (degreesOfFreedom, t) => {
    expect(studentTQuantile(0.975, degreesOfFreedom) / t).toBeCloseTo(1, 13)
  })

  it('is the inverse of the distribution function', () => {
    const degrees = fc.integer({ min: 1, max: 300 })
    fc.assert(
      fc.property(degrees, fc.double({ min: 0.5, max: 0.999, noNaN: true }), (degreesOfFreedom, p) => {
        expect(studentTCdf(studentTQuantile(p, degreesOfFreedom), degreesOfFreedom)).toBeCloseTo(p, 10)
      }),
    )
  })

  it('refuses a probability outside of the upper half', () => {
    for (const p of [0.4, 1, Number.NaN]) expect(() => studentTQuantile(p, 5)).toThrow(RangeError)
  })
})

describe('studentTCdf', () => {
  it('is that of Cauchy with one degree of freedom, and nearly the normal one with very many', () => {
    for (const t of [-3, -0.5, 0, 1, 10]) {
      expect(studentTCdf(t, 1)).toBeCloseTo(0.5 + Math.atan(t) / Math.PI, 13)
      expect(studentTCdf(t, 100_000)).toBeCloseTo(normalCdf(t), 5)
    }
  })
})
