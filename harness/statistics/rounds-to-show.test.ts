import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ALPHA } from './detection.ts'
import { holm } from './multiple-testing.ts'
import { roundsToShow } from './rounds-to-show.ts'
import { signedRank } from './signed-rank.ts'

/** Returns the adjusted p of a comparison whose rounds all point the same way, beside others that show nothing. */
function smallest(comparisons: number, rounds: number): number {
  const p = signedRank(Array.from({ length: rounds }, (_, index) => index + 1))?.p ?? 1
  return Math.min(...holm([p, ...Array<number>(comparisons - 1).fill(1)]))
}

describe('the rounds that a difference takes', () => {
  it.each([
    [0, 6],
    [1, 6],
    [2, 7],
    [35, 11],
    [1000, 16],
  ])('among %i comparisons are %i', (comparisons, rounds) => {
    expect(roundsToShow(comparisons)).toBe(rounds)
  })

  it('are the fewest with which the test and its adjustment can show one at all', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), (comparisons) => {
        const rounds = roundsToShow(comparisons)
        expect(smallest(comparisons, rounds)).toBeLessThan(ALPHA)
        expect(smallest(comparisons, rounds - 1)).toBeGreaterThanOrEqual(ALPHA)
      }),
    )
  })
})
