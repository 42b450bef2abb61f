import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Scenario } from '../contracts/scenario.ts'
import { formatSize, parseSize } from '../contracts/units.ts'
import { fakeScenarios } from '../testing/fake-scenarios.ts'
import { type ParamSet, paramSets } from './cells.ts'
import { fitBudget } from './fit-budget.ts'

const [write] = fakeScenarios as [Scenario]
const setsOf = (sizes: readonly string[], kinds: readonly string[] = ['new']) =>
  paramSets(write, 'quick', { size: sizes, kind: kinds }, 1)

/** A second a mebibyte. */
const secondsOf = (sets: readonly ParamSet[]) =>
  sets.reduce((sum, { encoded }) => sum + (parseSize(encoded['size'] ?? '') ?? 0) / 1024 ** 2, 0)
const free = () => false
const sizes = (sets: readonly ParamSet[]) => sets.map(({ encoded }) => encoded['size'])

describe('a budget', () => {
  const all = setsOf(['1M', '4M', '16M', '64M'])

  test.each<[number, string[], string[]]>([
    [85, ['1M', '4M', '16M', '64M'], []],
    [84, ['1M', '4M', '64M'], ['16M']],
    [66, ['1M', '64M'], ['4M', '16M']],
    [64, ['64M'], ['1M', '4M', '16M']],
    // The largest alone is too much: the next smaller one takes its place.
    [63, ['1M', '4M', '16M'], ['64M']],
    [5, ['1M', '4M'], ['16M', '64M']],
    [0, ['1M'], ['4M', '16M', '64M']],
  ])('of %d s leaves the most telling', (budget, kept, given) => {
    const { sets, leftOut } = fitBudget(all, budget, secondsOf, free)
    expect(sizes(sets)).toEqual(kept)
    expect(sizes(leftOut)).toEqual(given)
  })

  test('leaves what a user asked for by its values', () => {
    const fixed = (_: ParamSet, parameter: string) => parameter === 'size'
    expect(fitBudget(all, 0, secondsOf, fixed)).toEqual({ sets: all, leftOut: [] })
  })
})

test('no kind of work is lost, nothing is invented, and what could fit does', () => {
  const mebibytes = fc.uniqueArray(fc.integer({ min: 1, max: 64 }), { minLength: 1, maxLength: 5 })
  fc.assert(
    fc.property(mebibytes, fc.integer({ min: 0, max: 400 }), (values, budget) => {
      const all = setsOf(
        values.map((value) => formatSize(value * 1024 ** 2)),
        ['new', 'old'],
      )
      const { sets, leftOut } = fitBudget(all, budget, secondsOf, free)
      expect(new Set([...sets, ...leftOut])).toEqual(new Set(all))
      expect(sets.length + leftOut.length).toBe(all.length)
      expect(new Set(sets.map(({ encoded }) => encoded['kind']))).toEqual(new Set(['new', 'old']))
      const least = 2 * Math.min(...values)
      expect(secondsOf(sets) <= budget || secondsOf(sets) === least).toBe(true)
    }),
    { numRuns: 50 },
  )
})
