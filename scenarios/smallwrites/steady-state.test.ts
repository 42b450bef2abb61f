import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { steadyState } from './steady-state.ts'

const rate = fc.double({ min: 1, max: 1e6, noNaN: true })
const rates = fc.array(rate, { minLength: 5, maxLength: 5 })

describe('steady state', () => {
  it('is attained by a rate that does not change', () => {
    expect(steadyState([900, 900, 900, 900, 900])).toEqual({ attained: true, excursion: 0, slope: 0 })
  })

  it('is the worked example by hand', () => {
    // Mean 100, from 92 to 108; the line of least squares through them rises by 0.8 a step.
    const { attained, excursion, slope } = steadyState([98, 92, 108, 102, 100])
    expect(attained).toBe(true)
    expect(excursion).toBeCloseTo(0.16)
    expect(slope).toBeCloseTo((4 * (-2 * 98 - 92 + 102 + 2 * 100)) / 10 / 100)
  })

  it.each([
    ['an even fall of 12 %', [106, 103, 100, 97, 94], false],
    ['an even fall of 9 %', [104.5, 102.25, 100, 97.75, 95.5], true],
    ['one value that is off by a quarter', [100, 100, 125, 100, 100], false],
  ])('%s', (_, values, attained) => {
    expect(steadyState(values).attained).toBe(attained)
  })

  it('does not depend on the unit, and a fall is a rise read backwards', () => {
    fc.assert(
      fc.property(rates, fc.double({ min: 0.01, max: 100, noNaN: true }), (values, factor) => {
        const seen = steadyState(values)
        const scaled = steadyState(values.map((value) => value * factor))
        expect(scaled.excursion).toBeCloseTo(seen.excursion, 6)
        expect(scaled.slope).toBeCloseTo(seen.slope, 6)
        expect(steadyState(values.toReversed()).slope).toBeCloseTo(-seen.slope, 6)
      }),
    )
  })

  it('has no slope larger than what a line could have within the excursion', () => {
    fc.assert(
      fc.property(rates, (values) => {
        const { excursion, slope } = steadyState(values)
        // The least-squares line through five values spans at most 1.2 times their range.
        expect(Math.abs(slope)).toBeLessThanOrEqual(1.2 * excursion + 1e-9)
      }),
    )
  })
})
