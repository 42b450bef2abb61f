import { describe, expect, it } from 'vitest'
import { coverageOfModel, falseAlarms, found, isDifferent, isSame } from './few-rounds.ts'
import { LOGNORMAL, NOISES, NORMAL } from './noise.ts'

const SEED = 1

/** Rounds and comparisons. */
const SIZES = [
  [3, 20],
  [3, 200],
  [4, 40],
  [5, 20],
  [5, 200],
] as const

describe.each(NOISES)('with noise that is $title', (noise) => {
  it.each(SIZES)('%i rounds of %i comparisons call equals different in at most 6 of 100 runs', (...size) => {
    const [rounds, comparisons] = size
    expect(
      falseAlarms({ noise, rounds, comparisons, ratio: 1 }, isDifferent, () => true, SEED),
    ).toBeLessThanOrEqual(0.06)
  })

  it('and as seldom beside others that differ fivefold', () => {
    const run = { noise, rounds: 3, comparisons: 20, ratio: 5 }
    expect(falseAlarms(run, isDifferent, (log) => log === 0, SEED)).toBeLessThanOrEqual(0.06)
  })

  it('3 rounds call 1.1 about the same in at most 6 of 100 runs', () => {
    const run = { noise, rounds: 3, comparisons: 20, ratio: 1.1, scale: 0.02 }
    expect(falseAlarms(run, isSame, (log) => log !== 0, SEED)).toBeLessThanOrEqual(0.06)
  })

  it.each([3, 4, 5])(
    'the interval of %i rounds covers the truth in 93 to 98.5 of 100 comparisons',
    (rounds) => {
      const coverage = coverageOfModel({ noise, rounds, comparisons: 40, ratio: 1 }, SEED)
      expect(coverage).toBeGreaterThanOrEqual(0.93)
      expect(coverage).toBeLessThanOrEqual(0.985)
    },
  )
})

describe.each([NORMAL, LOGNORMAL])(
  'with a standard deviation of 0.12 that is $title, 3 rounds of 40 comparisons',
  (noise) => {
    it('find nine of ten fivefold and three of four twofold differences', () => {
      const share = (ratio: number) =>
        found({ noise, rounds: 3, comparisons: 40, ratio }, isDifferent, (log) => log !== 0, SEED)
      expect(share(5)).toBeGreaterThanOrEqual(0.9)
      expect(share(2)).toBeGreaterThanOrEqual(0.75)
    })
  },
)
