import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { independentRatio, independentSameP, leastP } from './independent-ratio.ts'
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

  it('has no interval of fewer than five, and is not told of nothing, or of what is negative', () => {
    expect(independentRatio([1, 2, 3, 4], [1, 2, 3, 4, 5])).toMatchObject({ low: null, high: null })
    expect(independentRatio([], [1])).toBeNull()
    expect(independentRatio([1, -1], [1, 1])).toBeNull()
  })

  it('takes a 0 for what it is: the least value there is', () => {
    const [rate, stopped] = [Array.from({ length: 10 }, () => 500), Array.from({ length: 10 }, () => 0)]
    const p = rankSum(rate, stopped)?.p ?? 1
    expect(p).toBeLessThan(0.001)
    expect(independentRatio(stopped, rate)).toMatchObject({ ratio: 0, low: 0, high: 0, p })
    expect(independentRatio(rate, stopped)).toMatchObject({
      ratio: Infinity,
      low: Infinity,
      high: Infinity,
      p,
    })
    expect(independentRatio(stopped, stopped)).toMatchObject({ ratio: null, low: 0, high: Infinity, p: 1 })
  })

  it('is not ended by a single 0', () => {
    const values = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    const [one, other] = [independentRatio([0, ...values.slice(1)], values), independentRatio(values, values)]
    expect(one).toMatchObject({ ratio: 1, low: other?.low, high: other?.high })
  })

  const counts = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 5, maxLength: 30 })

  it('of samples with zeros holds the ratio of the medians, and is inverted when the two change places', () => {
    fc.assert(
      fc.property(counts, counts, (a, b) => {
        const [result, turned] = [independentRatio(a, b), independentRatio(b, a)]
        const [low, high] = [result?.low ?? Number.NaN, result?.high ?? Number.NaN]
        expect(low).toBeLessThanOrEqual((result?.ratio ?? low) * (1 + 1e-9))
        expect(high).toBeGreaterThanOrEqual((result?.ratio ?? high) * (1 - 1e-9))
        expect(1 / (turned?.high ?? Number.NaN)).toBeCloseTo(low, 9)
        expect(turned?.p).toBeCloseTo(result?.p ?? Number.NaN, 12)
      }),
    )
  })

  it('with zeros is never surer than with values that are nearly 0 in their place', () => {
    const almost = (values: readonly number[]) => values.map((value) => (value === 0 ? 1e-9 : value))
    fc.assert(
      fc.property(counts, counts, (a, b) => {
        const [zeros, near] = [independentRatio(a, b), independentRatio(almost(a), almost(b))]
        expect(zeros?.p).toBe(near?.p)
        expect(zeros?.low).toBeLessThanOrEqual((near?.low ?? Number.NaN) * (1 + 1e-9))
        expect(zeros?.high).toBeGreaterThanOrEqual((near?.high ?? Number.NaN) * (1 - 1e-9) - 1e-6)
      }),
    )
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

describe('independentSameP', () => {
  const level = [100, 101, 102, 103, 104, 105, 106, 107]

  it('is small where both lie within the margin, and not where one lies at it or beyond', () => {
    expect(independentSameP(level, level, 0.1)).toBeLessThan(0.001)
    const further = level.map((value) => value * 1.1)
    expect(independentSameP(further, level, 0.1)).toBeGreaterThan(0.4)
    expect(
      independentSameP(
        level.map((value) => value * 2),
        level,
        0.1,
      ),
    ).toBeGreaterThan(0.999)
  })

  it('is the same when the two change places', () => {
    fc.assert(
      fc.property(samples, samples, (a, b) => {
        expect(independentSameP(a, b, 0.1)).toBeCloseTo(independentSameP(b, a, 0.1), 12)
      }),
    )
  })

  it('cannot be small of few values', () => {
    expect(independentSameP([1, 1], [1, 1], 0.1)).toBeGreaterThan(0.05)
    expect(independentSameP([], [1], 0.1)).toBe(1)
  })
})
