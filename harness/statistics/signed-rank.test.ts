import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { midranks } from './ranks.ts'
import { signedRank } from './signed-rank.ts'

/** p by trying all signs of the non-zero differences. */
function pOfAllSigns(differences: readonly number[]): number {
  const ranks = midranks(differences.map(Math.abs)).filter((_, index) => differences[index] !== 0)
  const positive = differences.filter((difference) => difference !== 0).map((difference) => difference > 0)
  const middle = ranks.reduce((sum, rank) => sum + rank, 0) / 2
  const distance = (signs: (index: number) => boolean) =>
    Math.abs(ranks.reduce((sum, rank, index) => sum + (signs(index) ? rank : 0), 0) - middle)
  const observed = distance((index) => positive[index] === true)
  const all = 2 ** ranks.length
  let extreme = 0
  for (let signs = 0; signs < all; signs += 1) {
    if (distance((index) => ((signs >> index) & 1) === 1) >= observed) extreme += 1
  }
  return extreme / all
}

describe('signedRank', () => {
  it('of Darwin’s maize is 0.0413 (R. A. Fisher, The Design of Experiments, 1935; 15 pairs, in eighths of an inch)', () => {
    const eighths = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]
    expect(signedRank(eighths)).toEqual({ p: expect.closeTo(0.041259765625, 12), n: 15 })
  })

  it('of the depression scores is 0.0391 (Hollander and Wolfe, Nonparametric Statistical Methods, table 3.1)', () => {
    const before = [1.83, 0.5, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.3]
    const after = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29]
    const test = signedRank(before.map((value, index) => value - (after[index] as number)))
    expect(test?.p).toBeCloseTo(2 * 0.01953125, 12)
  })

  it.each([
    // n, the largest sum of the smaller ranks that is significant at 5 %: the printed table of critical values.
    [6, 0],
    [7, 2],
    [8, 3],
    [10, 8],
    [15, 25],
    [20, 52],
    [25, 89],
  ])('of %i differences is significant up to a sum of %i', (n, critical) => {
    const pAt = (sum: number) => {
      const negative = new Set<number>()
      let rest = sum
      for (let rank = n; rank > 0; rank -= 1) {
        if (rank > rest) continue
        negative.add(rank)
        rest -= rank
      }
      return signedRank(
        Array.from({ length: n }, (_, index) => (negative.has(index + 1) ? -1 : 1) * (index + 1)),
      )?.p
    }
    expect(pAt(critical)).toBeLessThanOrEqual(0.05)
    expect(pAt(critical + 1)).toBeGreaterThan(0.05)
  })

  it('is exact with ties and zeros', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 2, maxLength: 10 }),
        (differences) => {
          expect(signedRank(differences)?.p).toBeCloseTo(pOfAllSigns(differences), 12)
        },
      ),
    )
  })

  it('is the same from the other side', () => {
    const differences = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 2, maxLength: 80 })
    fc.assert(
      fc.property(differences, (values) => {
        expect(signedRank(values.map((value) => -value))).toEqual(signedRank(values))
      }),
    )
  })

  it('of 51 is approximate, and close to what SciPy counts out', () => {
    const differences = Array.from({ length: 51 }, (_, index) => Math.sin(index * index) + 0.22)
    const { p } = signedRank(differences) ?? { p: 0 }
    expect(p).toBeCloseTo(0.42288193317674483, 12)
    expect(Math.abs(p - 0.42610992323576813)).toBeLessThan(0.005)
  })

  it('counts out 10,000 differences, too', () => {
    const shifted = Array.from({ length: 10_000 }, (_, index) => Math.sin(index * index) + 0.05)
    expect(signedRank(shifted)?.p).toBeLessThan(1e-6)
    expect(signedRank(Array.from({ length: 10_000 }, () => 0))).toEqual({ p: 1, n: 0 })
  })

  it('finds nothing in zeros, and is not told of one difference', () => {
    expect(signedRank([0, 0, 0])).toEqual({ p: 1, n: 0 })
    expect(signedRank([1])).toBeNull()
    expect(signedRank([])).toBeNull()
  })
})
