import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { differenceP, interval, moderate, type ModeratedEstimate, sameP } from './moderated.ts'
import { studentTQuantile } from './student-t.ts'

/** Twenty comparisons of three rounds whose noise is of different size. */
const NOISE = Array.from({ length: 20 }, (_, index) =>
  [-1, 0.2, 0.8].map((value) => (0.05 + 0.005 * index) * value),
)

/** Returns the first of these comparisons, with a difference. */
function shifted(log: number, families = NOISE): ModeratedEstimate {
  const [first = [], ...others] = families
  return moderate([first.map((value) => value + log), ...others]).comparisons[0] as ModeratedEstimate
}

describe('moderate', () => {
  it('weighs the variance of the rounds and the prior by their degrees of freedom', () => {
    const { prior, comparisons } = moderate([[0, 0.1, 0.2], [0, 0.3, 0.6], [1, 1.05, 1.1, 1.15], [2]])
    const [first, , , last] = comparisons
    expect(prior.degrees).toBeGreaterThan(0)
    expect(first?.estimate).toBeCloseTo(0.1, 12)
    expect(first?.degrees).toBeCloseTo(prior.degrees + 2, 12)
    const variance = (prior.degrees * prior.variance + 2 * 0.01) / (prior.degrees + 2)
    expect(first?.standardError).toBeCloseTo(Math.sqrt(variance / 3), 12)
    // A single round has what the others say.
    expect(last).toMatchObject({ estimate: 2, degrees: prior.degrees })
    expect(last?.standardError).toBeCloseTo(Math.sqrt(prior.variance), 12)
  })

  it('does not know more than all rounds together', () => {
    const { prior, comparisons } = moderate(NOISE.map(() => [0, 0.1, 0.2]))
    expect(prior.degrees).toBeCloseTo(19 / 6, 12)
    expect(comparisons[0]?.degrees).toBeCloseTo(2 + 19 / 6, 12)
  })

  it('is the usual test of a sample where there is only one', () => {
    const { comparisons } = moderate([[0.9, 1, 1.1]])
    expect(comparisons[0]).toMatchObject({ degrees: 2, estimate: expect.closeTo(1, 12) })
    expect(comparisons[0]?.standardError).toBeCloseTo(0.1 / Math.sqrt(3), 12)
  })

  it.each([
    ['one round each', [[5], [3]]],
    [
      'a log ratio that is not finite',
      [
        [5, Infinity, 5],
        [1, 2, 3],
        [2, 3, 4],
      ],
    ],
    ['no rounds', [[], [1, 2, 3], [2, 3, 4]]],
  ])('claims nothing of %s', (_, families) => {
    const one = moderate(families).comparisons[0] as ModeratedEstimate
    expect(one).toMatchObject({ standardError: Infinity, degrees: 0 })
    expect([differenceP(one), sameP(one, 0.1), interval(one)]).toEqual([1, 1, null])
  })
})

describe('a difference', () => {
  it('of twice is shown by three rounds among twenty comparisons', () => {
    expect(differenceP(shifted(Math.log(2)))).toBeLessThan(0.05 / 20)
    expect(differenceP(shifted(0.01))).toBeGreaterThan(0.05)
  })

  it('is the same from the other side', () => {
    const families = fc.array(
      fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 1, maxLength: 5 }),
      {
        minLength: 1,
        maxLength: 6,
      },
    )
    fc.assert(
      fc.property(families, (logRatios) => {
        const turned = moderate(logRatios.map((rounds) => rounds.map((value) => -value))).comparisons
        for (const [index, one] of moderate(logRatios).comparisons.entries()) {
          const other = turned[index] as ModeratedEstimate
          expect(differenceP(other)).toBeCloseTo(differenceP(one), 9)
          expect(differenceP(other, 0.1)).toBeCloseTo(differenceP(one, 0.1), 9)
          expect(sameP(other, 0.1)).toBeCloseTo(sameP(one, 0.1), 9)
          expect(interval(other)?.low ?? 0).toBeCloseTo(-(interval(one)?.high ?? 0), 9)
        }
      }),
      { numRuns: 40 },
    )
  })

  it('does not depend on the unit of the logarithms', () => {
    const unit = fc.double({ min: 0.01, max: 100, noNaN: true })
    fc.assert(
      fc.property(unit, fc.double({ min: -1, max: 1, noNaN: true }), (factor, log) => {
        const one = shifted(log)
        const other = shifted(
          factor * log,
          NOISE.map((rounds) => rounds.map((value) => factor * value)),
        )
        expect(differenceP(other)).toBeCloseTo(differenceP(one), 9)
        expect(differenceP(other, factor * 0.1)).toBeCloseTo(differenceP(one, 0.1), 9)
        expect(sameP(other, factor * 0.1)).toBeCloseTo(sameP(one, 0.1), 9)
      }),
    )
  })

  it('beyond a threshold is harder to show the higher that is', () => {
    const one = shifted(Math.log(3))
    const ps = [0, 0.1, 0.5, 0.9, 1].map((threshold) => differenceP(one, threshold))
    expect(ps.toSorted((a, b) => a - b)).toEqual(ps)
    // A true ratio at the threshold is found half of the time by p ≤ ½ on its side.
    expect(differenceP(one, one.estimate)).toBe(1)
  })

  it('is not claimed where a round lies on the other side of the threshold', () => {
    const one = moderate([[1, 1, -0.01, 1, 1, 1, 1, 1], ...NOISE]).comparisons[0] as ModeratedEstimate
    expect(differenceP(one)).toBe(1)
  })

  it('is not claimed where many comparisons have a second mode as far away', () => {
    const modes = NOISE.map(([a = 0, b = 0, c = 0], index) => (index % 2 === 0 ? [a, b, c + 2.4] : [a, b, c]))
    const one = moderate([[2.4, 2.45, 2.42], ...modes]).comparisons[0] as ModeratedEstimate
    expect(differenceP(one)).toBeGreaterThan(0.005)
    expect(differenceP(shifted(2.4))).toBeLessThan(0.001)
  })
})

describe('about the same', () => {
  it('is shown where the noise is small beside the margin, and never at the margin', () => {
    const quiet = NOISE.map((rounds) => rounds.map((value) => value / 20))
    const margin = Math.log(1.1)
    expect(sameP(shifted(0, quiet), margin)).toBeLessThan(0.05 / 20)
    expect(sameP(shifted(margin, quiet), margin)).toBeCloseTo(0.5, 9)
    expect(sameP(shifted(0), margin)).toBeGreaterThan(0.05)
  })

  it('and a difference beyond the margin are not both shown', () => {
    fc.assert(
      fc.property(fc.double({ min: -1, max: 1, noNaN: true }), (log) => {
        const one = shifted(log)
        expect(Math.max(differenceP(one, 0.1), sameP(one, 0.1))).toBeGreaterThan(0.4)
      }),
    )
  })
})

describe('the interval', () => {
  it('is that of Student with the moderated error', () => {
    const one = shifted(1)
    const { low, high, coverage } = interval(one, 0.9) ?? { low: 0, high: 0, coverage: 0 }
    expect(coverage).toBe(0.9)
    expect((low + high) / 2).toBeCloseTo(one.estimate, 12)
    expect((high - low) / 2).toBeCloseTo(studentTQuantile(0.95, one.degrees) * one.standardError, 12)
  })
  it('reaches over both groups of rounds that are split', () => {
    const modes = NOISE.map((rounds) => rounds.map((value) => value / 100))
    const rounds = [0, 0.01, 0.02, 2.4, 2.41]
    const one = moderate([rounds, ...modes]).comparisons[0] as ModeratedEstimate
    const { low, high } = interval(one) ?? { low: 1, high: 1 }
    expect(low).toBeLessThanOrEqual(0)
    expect(high).toBeGreaterThanOrEqual(2.41)
  })
})
