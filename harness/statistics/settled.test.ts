import { expect, test } from 'vitest'
import { halfWidthOf, isSettled, precisionFor } from './settled.ts'

test.each([
  [1, 0.03],
  [1.1, 0.03],
  [2, 0.05],
  [0.5, 0.05],
  [469, 0.1 * (1 - 1 / 469)],
  [0, 0.1],
  [Infinity, 0.1],
])('a ratio of %d is to be known to %d', (ratio, precision) => {
  expect(precisionFor(ratio, 0.03)).toBeCloseTo(precision, 12)
})

test('a coarser precision stays as it was asked for', () => {
  expect(precisionFor(2, 0.2)).toBe(0.2)
})

test('the half-width of a log interval', () => {
  expect(halfWidthOf({ interval: { low: 1 - 0.1, high: 1 + 0.1, coverage: 0.95 } })).toBeCloseTo(0.105, 3)
  expect(halfWidthOf({ interval: { low: 0, high: 1e9, coverage: 0.95 } })).toBeNull()
  expect(halfWidthOf({ interval: null })).toBeNull()
})

test('an answer known too roughly is not settled, nor is what is known well and has no answer', () => {
  const dearer = { answer: { is: 'dearer', atLeast: 1.8 } } as const
  expect(isSettled(dearer, { ratio: 2, halfWidth: 0.06 }, 0.03)).toBe(false)
  expect(isSettled(dearer, { ratio: 2, halfWidth: 0.05 }, 0.03)).toBe(true)
  expect(isSettled(dearer, { ratio: 2, halfWidth: null }, 0.03)).toBe(false)
  expect(isSettled({ answer: { is: 'open', rounds: 9 } }, { ratio: 1.1, halfWidth: 0.01 }, 0.03)).toBe(false)
})
