import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normalCdf } from './normal.ts'
import { studentTCdf, studentTQuantile } from './student-t.ts'

describe('studentTQuantile', () => {
  it.each([
    // The column of 97.5 % in every printed table.
    [1, 12.7062],
    [2, 4.3027],
    [3, 3.1824],
    [5, 2.5706],
    [10, 2.2281],
    [23, 2.0687],
    [30, 2.0423],
    [120, 1.9799],
  ])('of 97.5 %% with %i degrees of freedom is %f', (degreesOfFreedom, t) => {
    expect(studentTQuantile(0.975, degreesOfFreedom)).toBeCloseTo(t, 4)
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
