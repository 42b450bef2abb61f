import { describe, expect, it } from 'vitest'
import { modesOf, secondModeP } from './second-mode.ts'

/** Rounds in one mode: no gap takes most of the range. */
const ONE = [0, 0.1, 0.2]
/** One round in a second mode at 11 times. */
const BOTH = [0, 0.1, 2.4]

const families = (split: number, of: number) =>
  Array.from({ length: of }, (_, index) => (index < split ? BOTH : ONE))

describe('secondModeP', () => {
  it('is ½ⁿ where most comparisons are split', () => {
    expect(secondModeP(modesOf(families(40, 40)), 3, 2.4)).toBeCloseTo(1 / 8, 12)
    expect(secondModeP(modesOf(families(40, 40)), 5, 2.4)).toBeCloseTo(1 / 32, 12)
  })

  it('is near the share of the second mode to the power of the rounds', () => {
    // With 30 % in the second mode, 63 % of comparisons are split, of which the gaps show 86 %, and 17 % of the others.
    const seen = Math.round(1000 * (0.63 * 0.863 + 0.37 * 0.174))
    expect(secondModeP(modesOf(families(seen, 1000)), 3, 0.5) ** (1 / 3)).toBeCloseTo(0.3, 2)
  })

  it('is small where only chance splits comparisons, and the smaller the more comparisons there are', () => {
    const pOf = (count: number) => secondModeP(modesOf(families(0.15 * count, count)), 3, 0.5)
    expect(pOf(20)).toBeLessThan(0.05 / 20)
    expect(pOf(200)).toBeLessThan(pOf(20) / 100)
  })

  it('does not count modes that are too near for the difference', () => {
    const modes = modesOf(families(40, 40))
    expect(secondModeP(modes, 3, 4 * 2.4)).toBeCloseTo(1 / 8, 12)
    expect(secondModeP(modes, 3, 4 * 2.4 + 0.01)).toBeLessThan(1e-5)
  })

  it('excludes nothing where nothing is known: of two rounds each, or of rounds that are not finite', () => {
    for (const unknown of [[], [[0, 1]], [[0, Infinity, 1]]]) {
      expect(secondModeP(modesOf(unknown), 2, 1)).toBeGreaterThan(0.04)
    }
  })
})
