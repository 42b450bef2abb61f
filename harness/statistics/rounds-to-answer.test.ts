import { expect, test } from 'vitest'
import { moderate, type ModeratedEstimate } from './moderated.ts'
import { roundsToAnswer } from './rounds-to-answer.ts'

const MARGIN = Math.log1p(0.1)
const [base] = moderate([
  [0, 0.1],
  [0.1, 0.2],
]).comparisons as [ModeratedEstimate, ModeratedEstimate]
/** Three rounds with a noise of `deviation`, known as well as from 20 rounds. */
const one = (estimate: number, deviation: number): ModeratedEstimate => ({
  ...base,
  estimate,
  standardError: deviation / Math.sqrt(3),
  degrees: 20,
  logRatios: [estimate, estimate, estimate],
})

test('more noise and less difference take more rounds', () => {
  const rounds = (estimate: number, deviation: number) =>
    roundsToAnswer(one(estimate, deviation), MARGIN, 0.05)
  expect(rounds(0.3, 0.1)).toBe(4)
  expect(rounds(0.3, 0.3) ?? 0).toBeGreaterThan(rounds(0.3, 0.2) ?? 0)
  expect(rounds(0.2, 0.2) ?? 0).toBeGreaterThan(rounds(0.4, 0.2) ?? 0)
  // At 0 it is the margin that is reached.
  expect(rounds(0, 0.2)).toBeLessThan(40)
})

test('a smaller level takes more rounds', () => {
  expect(roundsToAnswer(one(0.3, 0.3), MARGIN, 0.05 / 40) ?? 0).toBeGreaterThan(
    roundsToAnswer(one(0.3, 0.3), MARGIN, 0.05) ?? Infinity,
  )
})

test('what nobody measures, and what is not known, is not told', () => {
  expect(roundsToAnswer(one(MARGIN / 2, 5), MARGIN, 0.05)).toBeNull()
  expect(roundsToAnswer({ ...one(1, 1), degrees: 0 }, MARGIN, 0.05)).toBeNull()
  expect(roundsToAnswer({ ...one(1, 1), standardError: Infinity }, MARGIN, 0.05)).toBeNull()
})
