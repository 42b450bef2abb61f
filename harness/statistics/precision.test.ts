import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pairedRatio } from './paired-ratio.ts'
import { hasConverged, relativeHalfWidth, relativeWidthOf } from './precision.ts'

const byRound = (values: readonly number[]) => new Map(values.map((value, round) => [round, value]))

/** Around `level`, give or take `share` of it. */
const around = (level: number, share: number, rounds: number) =>
  byRound(Array.from({ length: rounds }, (_, round) => level * (1 + share * Math.sin((round + 1) ** 2))))

const steady = (rounds: number) => around(0.002, 0, rounds)

describe('relativeHalfWidth', () => {
  it('is half of the width as a share of the ratio', () => {
    expect(relativeHalfWidth({ ratio: 2, low: 1.9, high: 2.2 })).toBeCloseTo(0.075, 12)
    expect(relativeHalfWidth({ ratio: 2, low: null, high: null })).toBeNull()
  })
})

describe('hasConverged', () => {
  it('asks that the ratio be known well enough', () => {
    expect(hasConverged(around(0.003, 0.01, 20), steady(20), 0.03)).toBe(true)
    expect(hasConverged(around(0.003, 0.2, 20), steady(20), 0.03)).toBe(false)
  })

  it('asks it of the cell’s own median where there is no control', () => {
    expect(hasConverged(around(0.003, 0.01, 20), null, 0.03)).toBe(true)
    expect(hasConverged(around(0.003, 0.2, 20), null, 0.03)).toBe(false)
  })

  it('takes no interval for one that covers less than 95 %', () => {
    expect(hasConverged(around(0.003, 0, 5), steady(5), 0.03)).toBe(false)
    expect(hasConverged(around(0.003, 0, 6), steady(6), 0.03)).toBe(true)
    expect(hasConverged(around(0.003, 0, 5), null, 0.03)).toBe(false)
    expect(hasConverged(new Map(), new Map(), 0.03)).toBe(false)
  })

  it('counts rounds that have both', () => {
    const late = new Map([...steady(30)].filter(([round]) => round >= 25))
    expect(hasConverged(around(0.003, 0, 30), late, 0.03)).toBe(false)
  })

  it('does not take a few samples that lie close together for knowledge', () => {
    // The six in the middle agree to 0.1 %, the others are all over the place.
    const values = [1, 1.0002, 1.0004, 1.0006, 1.0008, 1.001, 0.2, 0.3, 3, 4]
    const cell = byRound([...values, ...values, ...values])
    const ratio = pairedRatio(cell, steady(30)) ?? { ratio: 1, low: null, high: null }
    expect(relativeHalfWidth(ratio)).toBeLessThan(0.03)
    expect(hasConverged(cell, steady(30), 0.03)).toBe(false)
  })

  it('is not told of what has no logarithm', () => {
    expect(hasConverged(byRound([0, 1, 1, 1, 1, 1, 1]), steady(7), 0.03)).toBe(false)
    expect(hasConverged(byRound([0, 1, 1, 1, 1, 1, 1]), null, 0.03)).toBe(false)
  })
})

describe('relativeWidthOf', () => {
  it('is never less than the half-width of the interval that is shown', () => {
    const values = fc.array(fc.double({ min: 0.5, max: 2, noNaN: true }), { minLength: 6, maxLength: 60 })
    fc.assert(
      fc.property(values, (sample) => {
        const cell = byRound(sample)
        const control = steady(sample.length)
        const shown =
          relativeHalfWidth(pairedRatio(cell, control) ?? { ratio: 1, low: null, high: null }) ?? Infinity
        expect(relativeWidthOf(cell, control)).toBeGreaterThanOrEqual(shown * (1 - 1e-12))
      }),
    )
  })
})
