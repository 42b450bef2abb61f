import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drift } from './drift.ts'

const growing = (n: number, perStep: number) =>
  Array.from({ length: n }, (_, index) => 0.002 * perStep ** index)

describe('drift', () => {
  it('is the change from the first value to the last', () => {
    const trend = drift(growing(11, 1.01))
    expect(trend?.change).toBeCloseTo(1.01 ** 10 - 1, 12)
    expect(trend?.p).toBeCloseTo(2 / 39_916_800, 12)
    expect(drift(growing(11, 1 / 1.01))?.change).toBeCloseTo(1.01 ** -10 - 1, 12)
  })

  it('is not moved by outliers', () => {
    const values = growing(21, 1.01)
    values[3] = 4
    values[20] = 1e-9
    expect(drift(values)?.change).toBeCloseTo(1.01 ** 20 - 1, 2)
  })

  it('finds nothing in values that stay, and no dependence', () => {
    expect(drift([3, 3, 3, 3, 3, 3])).toEqual({ change: 0, p: 1, autocorrelation: 0 })
  })

  it('tells how far neighbours are alike', () => {
    const alternating = Array.from({ length: 40 }, (_, index) => Math.exp((-1) ** index))
    const inBlocks = Array.from({ length: 40 }, (_, index) => Math.exp(index < 20 ? 0 : 1))
    // Σ over 39 neighbours of ∓1 or ±¼ times the mean square.
    expect(drift(alternating)?.autocorrelation).toBeCloseTo(-39 / 40, 12)
    expect(drift(inBlocks)?.autocorrelation).toBeCloseTo(37 / 40, 12)
  })

  it('sees in a long series what it sees in a short one', () => {
    const long = Array.from({ length: 20_000 }, (_, index) => Math.exp(index / 20_000 + Math.sin(index ** 2)))
    const trend = drift(long)
    expect(trend?.change).toBeCloseTo(Math.E - 1, 1)
    expect(trend?.p).toBeLessThan(1e-9)
    expect(Math.abs(trend?.autocorrelation ?? 1)).toBeLessThan(0.2)
  })

  it('does not depend on the unit', () => {
    const values = fc.array(fc.double({ min: 0.1, max: 10, noNaN: true }), { minLength: 5, maxLength: 40 })
    fc.assert(
      fc.property(values, (sample) => {
        const one = drift(sample)
        const scaled = drift(sample.map((value) => value * 1024))
        expect(scaled?.change).toBeCloseTo(one?.change ?? Number.NaN, 6)
        expect(scaled?.p).toBe(one?.p)
      }),
    )
  })

  it('is not told of four values, or of what has no logarithm', () => {
    expect(drift([1, 2, 3, 4])).toBeNull()
    expect(drift([1, 2, 3, 4, 0])).toBeNull()
  })
})
