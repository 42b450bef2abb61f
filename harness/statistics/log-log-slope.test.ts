import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { logLogSlope } from './log-log-slope.ts'

/** N. R. Draper and H. Smith, Applied Regression Analysis, table 1.1: temperature, and steam used in a month. */
const STEAM = [
  [35.3, 10.98],
  [29.7, 11.13],
  [30.8, 12.51],
  [58.8, 8.4],
  [61.4, 9.27],
  [71.3, 8.73],
  [74.4, 6.36],
  [76.7, 8.5],
  [70.7, 7.82],
  [57.5, 9.14],
  [46.4, 8.24],
  [28.9, 12.19],
  [28.1, 11.88],
  [39.1, 9.57],
  [46.8, 10.94],
  [48.5, 9.58],
  [59.3, 10.09],
  [70, 8.11],
  [70, 6.83],
  [74.5, 8.88],
  [72.1, 7.68],
  [58.1, 8.47],
  [44.6, 8.86],
  [33.4, 10.36],
  [28.6, 11.08],
] as const

describe('logLogSlope', () => {
  it('finds the exponent of a power law', () => {
    const factor = fc.double({ min: 1e-6, max: 1e6, noNaN: true })
    const exponent = fc.double({ min: -3, max: 3, noNaN: true })
    const sizes = fc.uniqueArray(fc.integer({ min: 1, max: 1 << 30 }), { minLength: 2, maxLength: 8 })
    fc.assert(
      fc.property(factor, exponent, sizes, (a, b, xs) => {
        // Sizes a hair apart say nothing of a slope in floating point.
        fc.pre(Math.max(...xs) / Math.min(...xs) > 1.5)
        expect(logLogSlope(xs.map((x) => ({ x, y: a * x ** b })))?.slope).toBeCloseTo(b, 6)
      }),
    )
  })

  it('is 1 of a cost that doubles with the size, 0 of one that stays', () => {
    const sizes = [2 ** 20, 2 ** 24, 2 ** 28]
    expect(logLogSlope(sizes.map((x) => ({ x, y: x / 1e9 })))?.slope).toBeCloseTo(1, 12)
    expect(logLogSlope(sizes.map((x) => ({ x, y: 0.0014 })))?.slope).toBeCloseTo(0, 12)
  })

  it('has the slope of the textbook, −0.0798, and its 95 % interval', () => {
    const fitted = logLogSlope(STEAM.map(([x, y]) => ({ x: Math.exp(x), y: Math.exp(y) })))
    expect(fitted?.slope).toBeCloseTo(-0.0798, 4)
    // Standard error 0.0105, t of 23 degrees of freedom 2.069.
    expect(fitted?.low).toBeCloseTo(-0.1016, 4)
    expect(fitted?.high).toBeCloseTo(-0.0581, 4)
    expect(fitted?.coverage).toBe(0.95)
  })

  it('has no interval from two points, and a very wide one from three', () => {
    const scattered = [
      { x: 1, y: 1 },
      { x: 2, y: 2.1 },
      { x: 4, y: 3.9 },
    ]
    expect(logLogSlope(scattered.slice(0, 2))).toMatchObject({ low: null, high: null, coverage: null })
    const { slope, low } = logLogSlope(scattered) ?? { slope: Number.NaN, low: null }
    // Student's t of one degree of freedom is 12.7 standard errors.
    expect(slope - (low ?? slope)).toBeGreaterThan(0.5)
  })

  it('is not told of one size, or of what has no logarithm', () => {
    expect(logLogSlope([])).toBeNull()
    expect(
      logLogSlope([
        { x: 4, y: 1 },
        { x: 4, y: 2 },
      ]),
    ).toBeNull()
    expect(
      logLogSlope([
        { x: 4, y: 1 },
        { x: 8, y: 0 },
      ]),
    ).toBeNull()
  })
})
