import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { midranks } from './ranks.ts'

describe('midranks', () => {
  it('shares the mean rank among equal values', () => {
    expect(midranks([20, 10, 20, 30, 20])).toEqual([3, 1, 3, 5, 3])
    expect(midranks([2, 1, 2])).toEqual([2.5, 1, 2.5])
    expect(midranks([])).toEqual([])
  })

  it('counts the values below and half of the equal ones', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 40 }), (values) => {
        const expected = values.map((value) => {
          const below = values.filter((other) => other < value).length
          const equal = values.filter((other) => other === value).length
          return below + (equal + 1) / 2
        })
        expect(midranks(values)).toEqual(expected)
      }),
    )
  })
})
