import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mannKendall } from './mann-kendall.ts'

function ordersOf(values: readonly number[]): number[][] {
  if (values.length <= 1) return [[...values]]
  return values.flatMap((value, index) =>
    ordersOf(values.toSpliced(index, 1)).map((rest) => [value, ...rest]),
  )
}

function score(values: readonly number[]): number {
  return values
    .flatMap((value, index) => values.slice(0, index).map((earlier) => Math.sign(value - earlier)))
    .reduce((sum, sign) => sum + sign, 0)
}

describe('mannKendall', () => {
  const orders = ordersOf([1, 2, 3, 4, 5, 6])
  const scores = orders.map((order) => Math.abs(score(order)))

  it('is the share of orders that are as far from none, of all orders there are', () => {
    fc.assert(
      fc.property(fc.constantFrom(...orders), (order) => {
        const extreme = scores.filter((other) => other >= Math.abs(score(order))).length
        expect(mannKendall(order)).toBeCloseTo(extreme / orders.length, 12)
      }),
    )
  })

  it('of ten is what SciPy’s kendalltau calls exact', () => {
    expect(mannKendall([3, 1, 4, 1.5, 5, 9, 2, 6, 5.5, 3.5])).toBeCloseTo(0.21637345679012346, 12)
  })

  it('with ties takes their variance and a continuity correction', () => {
    // Score 18; variance (11·10·27 − 3 · 2·1·9) / 18 = 162 with the pairs of 1, 3 and 5: 2 Φ(−17 / √162).
    expect(mannKendall([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5.5])).toBeCloseTo(0.18166496074, 10)
  })

  it('of 51 is approximate, and close to what SciPy counts out', () => {
    const values = Array.from({ length: 51 }, (_, index) => Math.sin(index * index) + index / 60)
    expect(Math.abs(mannKendall(values) - 0.019640303260948153)).toBeLessThan(0.001)
  })

  it('finds nothing in values that are all the same', () => {
    expect(mannKendall([2, 2, 2, 2, 2])).toBe(1)
  })
})
