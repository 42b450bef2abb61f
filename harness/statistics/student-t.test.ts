import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normalCdf } from './normal.ts'
import { studentTCdf, studentTQuantile, studentTTail } from './student-t.ts'

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

  it.each([
    // By mpmath at a precision of 40.
    [0.5, 164.557_673_480_488_55],
    [0.05, 1.195_833_758_547_54e25],
  ])('at 0.975, with %s degrees of freedom, is %s, too', (degreesOfFreedom, t) => {
    expect(studentTQuantile(0.975, degreesOfFreedom) / t).toBeCloseTo(1, 11)
  })

  it('is infinite where no number is large enough, and 0 in the middle', () => {
    expect(studentTQuantile(0.975, 0.001)).toBe(Infinity)
    expect(studentTQuantile(0.5, 3)).toBe(0)
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

describe('studentTTail', () => {
  it.each([
    // By mpmath at a precision of 40.
    [1, 1.77, 0.217_055_952_140_908_03],
    [8, 3.77, 0.000_845_712_331_705_793_2],
    [25, 2.8, 0.000_111_923_408_860_893_23],
    [1e5, 3.7, 6.901_908_777_920_004e-19],
    [3, 0.01, 0.479_959_961_822_686_8],
    [2, 120, 0.023_879_263_670_164_19],
    [5, 1e4, 2.915_163_306_831_323_7e-7],
    [6, 1e8, 9.865_910_171_576_436e-10],
  ])('beyond %s, with %s degrees of freedom, is %s', (t, degreesOfFreedom, expected) => {
    expect(Math.abs(studentTTail(t, degreesOfFreedom) / expected - 1)).toBeLessThan(1e-11)
  })

  it('goes over into the normal one', () => {
    const below = studentTTail(5, 1e6)
    const above = studentTTail(5, 1e6 + 1)
    expect(above / below).toBeCloseTo(1, 9)
    expect(studentTTail(1.3, Infinity)).toBe(normalCdf(-1.3))
  })

  it('has no digits of an endless t, and refuses degrees of freedom that are none', () => {
    expect(studentTTail(Infinity, 3)).toBe(0)
    expect(studentTTail(1e200, 3)).toBe(0)
    expect(studentTTail(-Infinity, 3)).toBe(1)
    for (const degrees of [0, -1, Number.NaN]) expect(() => studentTTail(1, degrees)).toThrow(RangeError)
  })
})
