import { describe, expect, it } from 'vitest'
import type { ByRound } from '../../harness/statistics/paired-ratio.ts'
import { compare, type Comparison, judgeTogether, ratioAlone } from './ratio.ts'

/** Rounds in which the one takes `factor` times as long as the other, give or take a little that is its own. */
function comparisonOf(rounds: number, factor: number, pickedFrom = 1): Comparison {
  const by = (value: (round: number) => number): ByRound =>
    new Map(Array.from({ length: rounds }, (_, round) => [round, value(round)]))
  const comparison = compare(
    by((round) => factor * (1 + ((round * 7) % 11) / 500)),
    by(() => 1),
    { better: 'lower', pickedFrom },
  )
  if (comparison === null) throw new Error('no pairs')
  return comparison
}

const many = (count: number, rounds: number, factor: number) =>
  new Map(Array.from({ length: count }, (_, key) => [key, comparisonOf(rounds, factor)]))

const AIM = { precision: 0.03, same: 0.1 }

describe('ratios', () => {
  it('are judged by their own p where they stand alone', () => {
    const by = (value: number) => new Map(Array.from({ length: 8 }, (_, round) => [round, value + round]))
    expect(ratioAlone(by(100), by(20))).toMatchObject({
      p: 2 / 2 ** 8,
      pAdjusted: null,
      verdict: 'different',
      pairs: 8,
    })
  })

  it("are judged by Holm's p where they are reported together", () => {
    const [first] = judgeTogether(many(4, 8, 2), AIM).values()
    expect(first?.pAdjusted).toBeCloseTo((4 * 2) / 2 ** 8, 12)
    expect(first?.verdict).toBe('different')
    const [one] = judgeTogether(many(10, 8, 2), AIM).values()
    expect(one).toMatchObject({ p: 2 / 2 ** 8, verdict: 'too-few-rounds', detectable: null })
  })

  it('that were picked for their result pay for what they were picked from', () => {
    const ratioOf = (pickedFrom: number) =>
      judgeTogether(new Map([['only', comparisonOf(8, 2, pickedFrom)]]), AIM).get('only')
    expect(ratioOf(1)?.pAdjusted).toBeCloseTo(2 / 2 ** 8, 12)
    expect(ratioOf(5)?.pAdjusted).toBeCloseTo(10 / 2 ** 8, 12)
    expect(ratioOf(10)?.verdict).toBe('too-few-rounds')
  })

  it('see less the more of them there are', () => {
    const detectable = (count: number) => [...judgeTogether(many(count, 20, 1), AIM).values()][0]?.detectable
    expect(detectable(50)).toBeGreaterThan(detectable(1) ?? Infinity)
  })

  it('have converged when the stopping rule says so', () => {
    const of = (rounds: number, precision: number) =>
      judgeTogether(new Map([['only', comparisonOf(rounds, 1)]]), { precision, same: 0.1 }).get('only')
    const halfWidth = of(16, 0.03)?.halfWidth ?? Number.NaN
    expect(halfWidth).toBeLessThan(0.01)
    expect(of(16, halfWidth)?.converged).toBe(true)
    expect(of(16, halfWidth * 0.999)?.converged).toBe(false)
  })

  it('of few rounds are known by what all of them say about the noise, and answered before the ranks could', () => {
    const few = [...judgeTogether(many(20, 3, 2), AIM).values()]
    for (const ratio of few) {
      expect(ratio).toMatchObject({ verdict: 'too-few-rounds', answer: { is: 'dearer' }, coverage: 0.95 })
      expect(ratio.converged).toBe(true)
    }
  })

  it('of rates are dearer where the rate is lower', () => {
    const rates = new Map(
      [...many(20, 3, 2)].map(([key, one]) => [key, { ...one, better: 'higher' } as const]),
    )
    const [ratio] = judgeTogether(rates, AIM).values()
    expect(ratio).toMatchObject({ answer: { is: 'cheaper' } })
    expect(ratio?.low).toBeGreaterThan(1.5)
    expect(ratio?.low).toBeLessThan(ratio?.high ?? 0)
  })

  it('of one round have neither interval nor p', () => {
    const [ratio] = judgeTogether(new Map([['only', comparisonOf(1, 2)]]), {
      precision: 0.5,
      same: 0.1,
    }).values()
    expect(ratio).toMatchObject({ p: null, halfWidth: null, converged: false, verdict: 'too-few-rounds' })
    expect(compare(new Map([[1, 1]]), new Map([[2, 1]]), { better: 'lower' })).toBeNull()
    expect(ratioAlone(new Map([[1, 1]]), new Map([[2, 1]]))).toBeNull()
  })
})
