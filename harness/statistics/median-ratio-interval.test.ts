import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { medianInterval } from './median-interval.ts'
import { medianRatioInterval } from './median-ratio-interval.ts'
import { median } from './quantile.ts'

const samples = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 5, maxLength: 40 })

describe('medianRatioInterval', () => {
  it('adds up the errors of both medians as variances add up', () => {
    // Minimum to maximum of five: on the log scale the one lies 2 below and 2 above, the other 1 and 3.
    const a = [-2, -1, 0, 1, 2].map(Math.exp)
    const b = [-1, -0.5, 0, 0.5, 3].map(Math.exp)
    const interval = medianRatioInterval(a, b)
    expect(interval?.low).toBeCloseTo(-Math.hypot(2, 3), 12)
    expect(interval?.high).toBeCloseTo(Math.hypot(2, 1), 12)
  })

  it('is that of the one median where the other is known for sure', () => {
    const a = [3, 1, 4, 1.5, 9, 2.6, 5]
    const own = medianInterval(a)
    const interval = medianRatioInterval(a, [1, 1, 1, 1, 1])
    expect(interval?.low).toBeCloseTo(Math.log(own?.low ?? 0), 12)
    expect(interval?.high).toBeCloseTo(Math.log(own?.high ?? 0), 12)
  })

  it('holds the ratio of the medians, and turns its sign when the two change places', () => {
    fc.assert(
      fc.property(samples, samples, (a, b) => {
        const center = Math.log((median(a) as number) / (median(b) as number))
        const [interval, turned] = [medianRatioInterval(a, b), medianRatioInterval(b, a)]
        expect(interval?.low).toBeLessThanOrEqual(center + 1e-9)
        expect(interval?.high).toBeGreaterThanOrEqual(center - 1e-9)
        expect(turned?.low).toBeCloseTo(-(interval?.high ?? Number.NaN), 9)
        expect(turned?.high).toBeCloseTo(-(interval?.low ?? Number.NaN), 9)
      }),
    )
  })

  it('knows nothing of the unit', () => {
    fc.assert(
      fc.property(samples, samples, (a, b) => {
        const interval = medianRatioInterval(a, b)
        const kibi = medianRatioInterval(
          a.map((value) => value / 1024),
          b.map((value) => value / 1024),
        )
        expect(kibi?.low).toBeCloseTo(interval?.low ?? Number.NaN, 9)
        expect(kibi?.high).toBeCloseTo(interval?.high ?? Number.NaN, 9)
      }),
    )
  })

  it('is one point of samples that are all the same', () => {
    expect(medianRatioInterval([6, 6, 6, 6, 6], [3, 3, 3, 3, 3])).toEqual({
      low: Math.log(6) - Math.log(3),
      high: Math.log(6) - Math.log(3),
      coverage: 0.95,
    })
  })

  it('is not told of four samples', () => {
    expect(medianRatioInterval([1, 2, 3, 4], [1, 2, 3, 4, 5])).toBeNull()
    expect(medianRatioInterval([1, 2, 3, 4, 5], [])).toBeNull()
  })
})
