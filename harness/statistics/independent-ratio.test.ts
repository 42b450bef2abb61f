import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { independentRatio, leastP } from './independent-ratio.ts'
import { rankSum } from './rank-sum.ts'

const samples = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 5, maxLength: 30 })

describe('independentRatio', () => {
  it('is that of the medians, with the p of the rank-sum test', () => {
    const [a, b] = [
      [2, 4, 6, 8, 100],
      [1, 2, 3, 4, 5],
    ]
    expect(independentRatio(a, b)).toMatchObject({ ratio: 2, coverage: 0.95, p: rankSum(a, b)?.p })
  })

  it('of a sample with itself is 1, and no difference', () => {
    fc.assert(
      fc.property(samples, (values) => {
        const result = independentRatio(values, values)
        expect(result?.ratio).toBe(1)
        expect(result?.p).toBe(1)
        expect(result?.low).toBeLessThanOrEqual(1 + 1e-9)
        expect(result?.high).toBeGreaterThanOrEqual(1 - 1e-9)
      }),
    )
  })

  it('is inverted when the two change places', () => {
    fc.assert(
      fc.property(samples, samples, (a, b) => {
        const [result, turned] = [independentRatio(a, b), independentRatio(b, a)]
        expect((result?.ratio ?? 0) * (turned?.ratio ?? 0)).toBeCloseTo(1, 9)
        expect((result?.low ?? 0) * (turned?.high ?? 0)).toBeCloseTo(1, 9)
        expect(turned?.p).toBeCloseTo(result?.p ?? Number.NaN, 12)
      }),
    )
  })

  it('has no interval of fewer than five, and is not told of nothing, or of what is not positive', () => {
    expect(independentRatio([1, 2, 3, 4], [1, 2, 3, 4, 5])).toMatchObject({ low: null, high: null })
    expect(independentRatio([], [1])).toBeNull()
    expect(independentRatio([1, 0], [1, 1])).toBeNull()
  })
})

describe('leastP', () => {
  it.each([
    [3, 3, 0.1],
    [4, 4, 2 / 70],
    [5, 5, 2 / 252],
    [5, 10, 2 / 3003],
    [1, 1, 1],
  ])('of %i and %i samples is %f', (n, m, p) => {
    expect(leastP(n, m)).toBeCloseTo(p, 12)
    expect(leastP(m, n)).toBeCloseTo(p, 12)
    // The p of samples that lie apart.
    const low = Array.from({ length: n }, (_, index) => index)
    const high = Array.from({ length: m }, (_, index) => 100 + index)
    expect(rankSum(low, high)?.p).toBeCloseTo(p, 12)
  })

  it('of thousands is as good as nothing', () => {
    expect(leastP(5000, 5000)).toBe(0)
  })
})
