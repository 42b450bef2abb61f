import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { estimate } from '../../../summary/estimate.ts'
import { sparkOf } from './spark.ts'

function drawn(values: readonly number[]) {
  const value = estimate(values)
  return value === null ? null : sparkOf({ values, roundsEach: 1 }, value, 's')
}

const pointsOf = (points: string) => points.split(' ').map((point) => point.split(',').map(Number))

describe('sparkOf', () => {
  it('stays within its box, whatever is measured', () => {
    const values = fc.array(fc.double({ min: 1e-9, max: 1e9, noNaN: true }), { minLength: 3, maxLength: 60 })
    fc.assert(
      fc.property(values, (measured) => {
        const spark = drawn(measured)
        for (const [x = -1, y = -1] of pointsOf(spark?.points ?? '')) {
          expect(x).toBeGreaterThanOrEqual(2)
          expect(x).toBeLessThanOrEqual(118)
          expect(y).toBeGreaterThanOrEqual(2)
          expect(y).toBeLessThanOrEqual(22)
        }
      }),
    )
  })

  it('draws more higher, and scatter that is no news small', () => {
    const heights = (values: number[]) => pointsOf(drawn(values)?.points ?? '').map(([, y]) => y)
    expect(heights([1, 2, 3])).toEqual([22, 12, 2])
    expect(heights([1, 1.001, 1])).toEqual([12, 11.8, 12])
    expect(heights([1, 1, 1])).toEqual([12, 12, 12])
  })

  it('is nothing of two values', () => {
    expect(drawn([1, 2])).toBeNull()
  })
})
