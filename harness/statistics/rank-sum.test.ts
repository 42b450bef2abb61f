import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rankSum } from './rank-sum.ts'
import { midranks } from './ranks.ts'

const PERMEABILITY = {
  atTerm: [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46],
  early: [1.15, 0.88, 0.9, 0.74, 1.21],
}

/** p by trying all choices of as many ranks. */
function pOfAllChoices(a: readonly number[], b: readonly number[]): number {
  const ranks = midranks([...a, ...b])
  const sumOf = (chosen: number) =>
    ranks.reduce((sum, rank, index) => sum + (((chosen >> index) & 1) === 1 ? rank : 0), 0)
  const size = (chosen: number) => ranks.filter((_, index) => ((chosen >> index) & 1) === 1).length
  const sums = Array.from({ length: 2 ** ranks.length }, (_, chosen) => chosen)
    .filter((chosen) => size(chosen) === a.length)
    .map(sumOf)
  const observed = sumOf(2 ** a.length - 1)
  const below = sums.filter((sum) => sum <= observed).length
  const above = sums.filter((sum) => sum >= observed).length
  return Math.min(1, (2 * Math.min(below, above)) / sums.length)
}

describe('rankSum', () => {
  it('of the permeability constants is 0.2544 (Hollander and Wolfe, Nonparametric Statistical Methods, table 4.1)', () => {
    // One-sided 0.1272 there.
    const test = rankSum(PERMEABILITY.atTerm, PERMEABILITY.early)
    expect(test).toEqual({ p: expect.closeTo(0.2544122544, 9), u: 35 })
  })

  it('is exact with ties', () => {
    const values = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(values, values, (a, b) => {
        expect(rankSum(a, b)?.p).toBeCloseTo(pOfAllChoices(a, b), 12)
      }),
    )
  })

  it('counts for each of the pairs which of the two is larger', () => {
    const values = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(values, values, (a, b) => {
        const larger = a
          .flatMap((x) => b.map((y) => (Math.sign(x - y) + 1) / 2))
          .reduce((sum, one) => sum + one, 0)
        expect(rankSum(a, b)?.u).toBeCloseTo(larger, 9)
        expect(rankSum(b, a)?.p).toBeCloseTo(rankSum(a, b)?.p ?? Number.NaN, 12)
      }),
    )
  })

  it('of more than 50 is what SciPy calls asymptotic, ties and all', () => {
    const a = Array.from({ length: 51 }, (_, index) => index % 7)
    const b = Array.from({ length: 50 }, (_, index) => index % 9)
    expect(rankSum(a, b)).toEqual({ p: expect.closeTo(0.09025522775726234, 12), u: 1027 })
  })

  it('finds nothing between equals, and is not told of nothing', () => {
    expect(rankSum([1, 1], [1, 1])?.p).toBe(1)
    expect(
      rankSum(
        Array.from({ length: 60 }, () => 1),
        [1],
      )?.p,
    ).toBe(1)
    expect(rankSum([], [1])).toBeNull()
    expect(rankSum([1], [])).toBeNull()
  })
})
