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

  it('gives the log ratios in order of rounds, whatever the order of the samples', () => {
    const cell = new Map([
      [7, 8],
      [2, 4],
      [5, 2],
    ])
    expect(pairedRatio(cell, new Map([...cell.keys()].map((round) => [round, 2])))?.logRatios).toEqual([
      Math.log(4) - Math.log(2),
      0,
      Math.log(8) - Math.log(2),
    ])
  })

  it('has the p of the signed-rank test', () => {
    // All ten the same way: 2 of the 2¹⁰ ways in which the signs can fall.
    const control = byRound(...Array.from({ length: 10 }, () => 1))
    const result = pairedRatio(byRound(...Array.from({ length: 10 }, (_, round) => 2 + round / 10)), control)
    expect(result?.p).toBeCloseTo(2 / 2 ** 10, 12)
    expect(pairedRatio(control, control)?.p).toBe(1)
    expect(pairedRatio(byRound(4), byRound(2))?.p).toBeNull()
  })

  it('covers 95 % from 6 pairs on', () => {
    const pairs = (count: number) => byRound(...Array.from({ length: count }, (_, round) => 1 + round))
    expect(pairedRatio(pairs(6), pairs(6))?.coverage).toBe(0.95)
    expect(pairedRatio(pairs(5), pairs(5))?.coverage).toBeCloseTo(0.9375, 10)
  })

  it('of 10,000 pairs is as good as sure', () => {
    const rounds = Array.from({ length: 10_000 }, (_, round) => round)
    const cell = new Map(rounds.map((round) => [round, 1.1 * Math.exp(Math.sin(round * round) / 10)]))
    const result = pairedRatio(cell, new Map(rounds.map((round) => [round, 1])))
    expect(result?.low).toBeGreaterThan(1.09)
    expect(result?.high).toBeLessThan(1.11)
    expect(result?.p).toBeLessThan(1e-12)
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

  it('is not told of negative values', () => {
    expect(pairedRatio(byRound(1, 1), byRound(1, -1))).toBeNull()
  })

  it('counts a 0 as the least value there is', () => {
    const steady = byRound(...Array.from({ length: 12 }, (_, round) => 500 + round))
    const stopped = byRound(...Array.from({ length: 12 }, () => 0))
    expect(pairedRatio(stopped, steady)).toMatchObject({ ratio: 0, low: 0, high: 0, p: 2 / 2 ** 12 })
    expect(pairedRatio(steady, stopped)).toMatchObject({
      ratio: Infinity,
      low: Infinity,
      high: Infinity,
      p: 2 / 2 ** 12,
    })
    expect(pairedRatio(stopped, stopped)).toMatchObject({ ratio: 1, low: 1, high: 1, p: 1 })
  })

  it('is the same, whether the least of its ratios is near 0 or 0', () => {
    const control = byRound(...Array.from({ length: 12 }, (_, round) => 500 + ((round * 7) % 11)))
    const least = (value: number) => byRound(value, ...Array.from({ length: 11 }, (_, round) => 250 + round))
    const [zero, small] = [pairedRatio(least(0), control), pairedRatio(least(1e-300), control)]
    expect(zero).toEqual({ ...small, logRatios: zero?.logRatios })
    expect(zero?.ratio).toBeCloseTo(0.5, 1)
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
