import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { outlierIndexes } from '../../harness/statistics/outliers.ts'
import { dotsOf, overTheRun } from './dots.ts'

const ramp = (length: number) => Array.from({ length }, (_, index) => index + 1)

describe('dotsOf', () => {
  it('draws everything where there is little', () => {
    expect(dotsOf([3, 1, 2], [])).toEqual({ values: [3, 1, 2], outliers: [], of: 3 })
    expect(dotsOf([3, 99, 2], [1])).toEqual({ values: [3, 2], outliers: [99], of: 3 })
  })

  it('thins what is much, evenly over the run', () => {
    const { values, of } = dotsOf(ramp(100_000), [])
    expect(of).toBe(100_000)
    expect(values).toHaveLength(200)
    expect(values.slice(0, 3)).toEqual([1, 501, 1001])
  })

  it('draws every outlier, and those that would cover each other once', () => {
    const values = ramp(10_000).map(() => 1)
    values[17] = 50
    values[4711] = 50.001
    values[9000] = 70
    expect(dotsOf(values, outlierIndexes(values)).outliers).toEqual([50, 70])
  })

  it('never draws more than a page can carry, whatever is measured', () => {
    const sample = fc.array(fc.double({ min: 1e-6, max: 10, noNaN: true }), {
      minLength: 500,
      maxLength: 3000,
    })
    fc.assert(
      fc.property(sample, (values) => {
        const dots = dotsOf(values, outlierIndexes(values))
        expect(dots.values.length).toBeLessThanOrEqual(200)
        // Seven decades of at most 900 places each.
        expect(dots.outliers.length).toBeLessThanOrEqual(7 * 900)
      }),
      { numRuns: 30 },
    )
  })
})

describe('overTheRun', () => {
  it('is the values themselves where they are few', () => {
    expect(overTheRun([5, 1, 3])).toEqual({ values: [5, 1, 3], roundsEach: 1 })
    expect(overTheRun([])).toBeNull()
  })

  it('is medians of equal parts where they are many', () => {
    const { values = [], roundsEach } = overTheRun(ramp(600)) ?? {}
    expect(roundsEach).toBe(10)
    expect(values).toHaveLength(60)
    expect(values.slice(0, 2)).toEqual([5.5, 15.5])
  })
})
