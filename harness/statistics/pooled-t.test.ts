import { describe, expect, it } from 'vitest'
import { momentsOf, pooledTTest } from './pooled-t.ts'

const test = (one: readonly number[], other: readonly number[]) =>
  pooledTTest(momentsOf(one, 0, one.length), momentsOf(other, 0, other.length))

describe('pooledTTest', () => {
  it('agrees with SciPy: scipy.stats.ttest_ind', () => {
    expect(test([1, 2, 3], [4, 5, 6])).toBeCloseTo(0.02131164, 8)
    expect(test([10.1, 9.8, 10.4, 10], [10.9, 11.2])).toBeCloseTo(0.00952017625, 9)
  })

  it('is the same the other way round', () => {
    expect(test([4, 5, 6], [1, 2, 3])).toBe(test([1, 2, 3], [4, 5, 6]))
  })

  it('is certain of samples without scatter that differ, and says nothing of equal ones or of two values', () => {
    expect([test([1, 1], [2, 2]), test([1, 1], [1, 1]), test([1], [2])]).toEqual([0, 1, 1])
  })
})
