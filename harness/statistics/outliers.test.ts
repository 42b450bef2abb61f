import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { outlierIndexes } from './outliers.ts'

describe('outlierIndexes', () => {
  it('sees two that hide each other from standard deviations', () => {
    // The larger is 1.9 standard deviations from the mean; its modified z-score is 0.6745 · 5.85 / 0.15 = 26.3.
    expect(outlierIndexes([2.1, 2.6, 2.4, 2.5, 8.3, 2.3, 2.1, 8.2, 2.3, 2.6])).toEqual([4, 7])
  })

  it('begins above a modified z-score of 3.5', () => {
    // Median 0 and median absolute deviation 1: 3.5 / 0.6745 is 5.189.
    const around = [-2, -1, -1, -1, 0, 1, 1, 1, 2]
    expect(outlierIndexes([...around, 5.18, -5.18])).toEqual([])
    expect(outlierIndexes([...around, 5.2, -5.2])).toEqual([9, 10])
  })

  it('measures by the mean deviation where more than half are equal', () => {
    expect(outlierIndexes([7, 7, 7, 7, 7, 7, 7, 7, 7, 8])).toEqual([9])
    expect(outlierIndexes([7, 7, 7, 8])).toEqual([])
    expect(outlierIndexes([7, 7, 7])).toEqual([])
    expect(outlierIndexes([])).toEqual([])
  })

  it('marks less than half, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), { minLength: 1 }), (values) => {
        expect(outlierIndexes(values).length).toBeLessThan(values.length / 2)
      }),
    )
  })
})
