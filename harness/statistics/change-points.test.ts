import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normalQuantile } from './normal.ts'
import { generator } from './random.ts'
import { changePoints } from './change-points.ts'

/** Noise of 1 around levels that begin at these indexes. */
function series(size: number, levels: Readonly<Record<number, number>>, seed = 1): number[] {
  const random = generator(seed)
  let level = 0
  return Array.from(
    { length: size },
    (_, index) => (level = levels[index] ?? level) + normalQuantile(random() || 0.5),
  )
}

const indexesOf = (values: readonly number[], options = {}) =>
  changePoints(values, options).map(({ index }) => index)

describe('changePoints', () => {
  it('finds steps far apart, each to within a value or two', () => {
    const found = changePoints(series(400, { 120: 5, 300: 2 }))
    expect(found).toHaveLength(2)
    expect(Math.abs((found[0]?.index ?? 0) - 120)).toBeLessThanOrEqual(2)
    expect(Math.abs((found[1]?.index ?? 0) - 300)).toBeLessThanOrEqual(2)
    expect(found[0]?.before).toBeCloseTo(0, 0)
    expect(found[0]?.after).toBeCloseTo(5, 0)
  })

  it('finds a change that the whole series hides, by its windows', () => {
    expect(indexesOf(series(300, { 140: 4, 170: 0 }), { alpha: 1e-5 })).toHaveLength(2)
  })

  it('finds nothing in noise, in equal values, and in too few', () => {
    expect(changePoints(series(300, {}, 5))).toEqual([])
    expect(changePoints(Array.from({ length: 200 }, () => 7))).toEqual([])
    expect(changePoints([])).toEqual([])
    expect(changePoints([1, 9])).toEqual([])
  })

  it('takes one or two bad values for outliers, and a lasting change of `steady` values for one', () => {
    const values = series(100, {})
    expect(indexesOf(values.with(98, 30).with(99, 30))).toEqual([])
    expect(indexesOf(series(100, { 97: 30 }))).toEqual([97])
    expect(indexesOf(series(100, { 97: 30 }), { steady: 4 })).toEqual([])
  })

  it('leaves out changes of `least` and less', () => {
    const values = series(200, { 100: 3 })
    expect(indexesOf(values, { least: 2, alpha: 1e-5 })).toHaveLength(1)
    expect(indexesOf(values, { least: 4, alpha: 1e-5 })).toEqual([])
  })

  it('does not depend on the unit, and moves with the series', () => {
    const shapes = fc.record({
      seed: fc.integer({ min: 1, max: 1000 }),
      factor: fc.constantFrom(0.25, 2, 8),
      shift: fc.constantFrom(-64, 32),
    })
    fc.assert(
      fc.property(shapes, ({ seed, factor, shift }) => {
        const values = series(120, { 40: 4, 90: 1 }, seed)
        const moved = values.map((value) => value * factor + shift)
        expect(indexesOf(moved)).toEqual(indexesOf(values))
      }),
      { numRuns: 20 },
    )
  })

  it('has a p of at most alpha, ascending indexes, and the means of the values between them', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), (seed) => {
        const values = series(150, { 50: 3, 75: 0, 110: 2 }, seed)
        const found = changePoints(values, { alpha: 0.01 })
        const bounds = [0, ...found.map(({ index }) => index), values.length]
        for (const [nth, { p, before, after }] of found.entries()) {
          const [from = 0, at = 0, to = 0] = bounds.slice(nth)
          const means = [values.slice(from, at), values.slice(at, to)].map(
            (some) => some.reduce((sum, value) => sum + value, 0) / some.length,
          )
          expect(p).toBeLessThanOrEqual(0.01)
          expect(Math.min(at - from, to - at)).toBeGreaterThanOrEqual(3)
          expect([before, after]).toEqual(means.map((mean) => expect.closeTo(mean, 9)))
        }
      }),
      { numRuns: 20 },
    )
  })
})
