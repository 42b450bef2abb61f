import { describe, expect, it } from 'vitest'
import { ALPHA } from '../../harness/statistics/detection.ts'
import { judge, type Judged } from './judgement.ts'

const slower: Judged = { low: 1.1, high: 1.3, pairs: 12, p: 0.01, comparisons: 1 }

describe('judge', () => {
  it('calls a difference what has both: a p under 0.05 and an interval without 1', () => {
    expect(judge(slower)).toBe('different')
    expect(judge({ ...slower, low: 0.7, high: 0.9 })).toBe('different')
  })

  it.each([
    ['p is not under 0.05', { p: ALPHA }],
    ['the interval includes 1', { low: 0.99 }],
    ['the interval ends at 1', { low: 1 }],
    ['there is no interval', { low: null, high: null }],
    ['there is no p', { p: null }],
  ])('shows none where %s', (_, change) => {
    expect(judge({ ...slower, ...change })).toBe('not-shown')
  })

  it('says that there were too few rounds where no outcome could have shown one', () => {
    expect(judge({ ...slower, pairs: 5, p: 0.0625 })).toBe('too-few-rounds')
    expect(judge({ ...slower, pairs: 6, p: 0.0625 })).toBe('not-shown')
    expect(judge({ ...slower, pairs: 10, p: 0.07, comparisons: 35 })).toBe('too-few-rounds')
    expect(judge({ ...slower, pairs: 11, p: 0.07, comparisons: 35 })).toBe('not-shown')
  })

  it('calls a difference what its adjusted p shows, though another of its rank could not have', () => {
    expect(judge({ ...slower, pairs: 10, p: 0.04, comparisons: 35 })).toBe('different')
  })
})
