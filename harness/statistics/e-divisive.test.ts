import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bestSplit } from './e-divisive.ts'

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

/** The definition, word by word. */
function divergence(left: readonly number[], right: readonly number[]): number {
  const pairs = (values: readonly number[]) =>
    values.flatMap((one, index) => values.slice(index + 1).map((other) => Math.abs(one - other)))
  const within = (values: readonly number[]) => (values.length < 2 ? 0 : mean(pairs(values)))
  const between = mean(left.flatMap((one) => right.map((other) => Math.abs(one - other))))
  const energy = 2 * between - within(left) - within(right)
  return ((left.length * right.length) / (left.length + right.length)) * energy
}

function slowSplit(values: readonly number[]) {
  const splits = values.flatMap((_, index) =>
    values.flatMap((__, end) => {
      if (index === 0 || end < index) return []
      return [{ index, divergence: divergence(values.slice(0, index), values.slice(index, end + 1)) }]
    }),
  )
  return Math.max(...splits.map((split) => split.divergence))
}

describe('bestSplit', () => {
  it('finds the step', () => {
    expect(bestSplit([1, 1, 1, 1, 5, 5, 5], 0, 7)).toMatchObject({ index: 4 })
  })

  it('looks at the part that it is given alone', () => {
    expect(bestSplit([9, 9, 1, 1, 1, 5, 5, 9], 2, 7)).toMatchObject({ index: 5 })
  })

  it('ends the second part before a third kind of value', () => {
    const values = [0, 0, 0, 0, 0, 0, 6, 6, 6, 6, 6, 6, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]
    expect(bestSplit(values, 0, values.length)?.index).toBe(6)
  })

  it('has nothing to split in fewer than two values', () => {
    expect([bestSplit([], 0, 0), bestSplit([3], 0, 1)]).toEqual([null, null])
  })

  it('has the divergence of its definition', () => {
    const values = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 2, maxLength: 9 })
    fc.assert(
      fc.property(values, (series) => {
        expect(bestSplit(series, 0, series.length)?.divergence).toBeCloseTo(slowSplit(series), 8)
      }),
    )
  })
})
