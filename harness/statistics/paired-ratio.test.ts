import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pairedRatio } from './paired-ratio.ts'

const byRound = (...values: number[]) => new Map(values.map((value, round) => [round, value]))

describe('pairedRatio', () => {
  it('is the median of the ratios of each round', () => {
    const result = pairedRatio(byRound(2, 6, 40, 8, 10), byRound(1, 2, 10, 4, 5))
    expect(result?.ratio).toBeCloseTo(2, 12)
    expect(result?.low).toBeCloseTo(2, 12)
    expect(result?.high).toBeCloseTo(4, 12)
    expect(result?.coverage).toBeCloseTo(0.9375, 10)
    expect(result?.pairs).toBe(5)
  })

  it('counts only rounds in which both completed', () => {
    const control = new Map([
      [1, 10],
      [3, 20],
      [9, 1],
    ])
    const result = pairedRatio(byRound(1, 20, 3, 40), control)
    expect(result?.pairs).toBe(2)
    expect(result?.ratio).toBeCloseTo(2, 12)
  })

  it('has no interval from one pair and is not told from none', () => {
    expect(pairedRatio(byRound(4), byRound(2))).toMatchObject({
      pairs: 1,
      low: null,
      high: null,
      coverage: null,
    })
    expect(pairedRatio(byRound(4), new Map([[7, 2]]))).toBeNull()
  })

  it('is not told of values that are not positive', () => {
    expect(pairedRatio(byRound(1, 0), byRound(1, 1))).toBeNull()
    expect(pairedRatio(byRound(1, 1), byRound(1, -1))).toBeNull()
  })

  const rounds = fc.array(
    fc.tuple(
      fc.double({ min: 1e-9, max: 1e4, noNaN: true }),
      fc.double({ min: 1e-9, max: 1e4, noNaN: true }),
    ),
    {
      minLength: 2,
      maxLength: 40,
    },
  )

  it('turned round is its own inverse', () => {
    fc.assert(
      fc.property(rounds, (pairs) => {
        const a = byRound(...pairs.map(([first]) => first))
        const b = byRound(...pairs.map(([, second]) => second))
        const forward = pairedRatio(a, b)
        const backward = pairedRatio(b, a)
        expect((forward?.ratio ?? 0) * (backward?.ratio ?? 0)).toBeCloseTo(1, 9)
        expect((forward?.low ?? 0) * (backward?.high ?? 0)).toBeCloseTo(1, 9)
      }),
    )
  })

  it('does not see drift that hits both cells of a round alike', () => {
    const drift = fc.array(fc.double({ min: 0.1, max: 10, noNaN: true }), { minLength: 40, maxLength: 40 })
    fc.assert(
      fc.property(rounds, drift, (pairs, factors) => {
        const drifted = (which: 0 | 1) =>
          byRound(...pairs.map((pair, round) => pair[which] * (factors[round] ?? 1)))
        const still = pairedRatio(byRound(...pairs.map(([a]) => a)), byRound(...pairs.map(([, b]) => b)))
        const moved = pairedRatio(drifted(0), drifted(1))
        expect((moved?.ratio ?? 0) / (still?.ratio ?? 1)).toBeCloseTo(1, 9)
      }),
    )
  })
})
