import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { logLogSlope } from './log-log-slope.ts'

describe('logLogSlope', () => {
  it('finds the exponent of a power law', () => {
    const factor = fc.double({ min: 1e-6, max: 1e6, noNaN: true })
    const exponent = fc.double({ min: -3, max: 3, noNaN: true })
    const sizes = fc.uniqueArray(fc.integer({ min: 1, max: 1 << 30 }), { minLength: 2, maxLength: 8 })
    fc.assert(
      fc.property(factor, exponent, sizes, (a, b, xs) => {
        // Sizes a hair apart say nothing of a slope in floating point.
        fc.pre(Math.max(...xs) / Math.min(...xs) > 1.5)
        expect(logLogSlope(xs.map((x) => ({ x, y: a * x ** b })))).toBeCloseTo(b, 6)
      }),
    )
  })

  it('is 1 of a cost that doubles with the size, 0 of one that stays', () => {
    const sizes = [2 ** 20, 2 ** 24, 2 ** 28]
    expect(logLogSlope(sizes.map((x) => ({ x, y: x / 1e9 })))).toBeCloseTo(1, 12)
    expect(logLogSlope(sizes.map((x) => ({ x, y: 0.0014 })))).toBeCloseTo(0, 12)
  })

  it('fits through scatter by least squares', () => {
    // log y = 0, 1, 1 at log x = 0, 1, 2: slope = Σ(x−1)(y−2/3) ÷ Σ(x−1)² = 1 ÷ 2.
    const { E } = Math
    expect(
      logLogSlope([
        { x: 1, y: 1 },
        { x: E, y: E },
        { x: E ** 2, y: E },
      ]),
    ).toBeCloseTo(0.5, 12)
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
