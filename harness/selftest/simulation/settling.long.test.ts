import { expect, test } from 'vitest'
import { NORMAL } from './noise.ts'
import { settle } from './settling.ts'

test('a run measures each cell for as long as its answer takes, and answers rightly', () => {
  const { rounds, answered, falseSame, coverage } = settle(NORMAL, 0.05, 8, 1)
  expect(rounds.get(50)).toBeLessThan(6)
  expect(rounds.get(2)).toBeLessThan(rounds.get(1.3) ?? 0)
  expect(Object.fromEntries(answered)).toEqual({ 1: 1, 1.3: 1, 2: 1, 50: 1 })
  expect(falseSame).toBe(0)
  // 320 intervals: 95 % of them give or take four standard errors.
  expect(coverage).toBeGreaterThan(0.9)
})
