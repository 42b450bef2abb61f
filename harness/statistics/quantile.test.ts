import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { median, quantile } from './quantile.ts'

const values = fc.array(fc.double({ noNaN: true, min: -1e12, max: 1e12 }), { minLength: 1, maxLength: 60 })

describe('median', () => {
  it('is the middle value, or the mean of the two middle ones', () => {
    expect(median([9, 1, 5])).toBe(5)
    expect(median([4, 1, 2, 3])).toBe(2.5)
    expect(median([7])).toBe(7)
    expect(median([])).toBeNull()
  })

  it('leaves its input in order of measurement', () => {
    const measured = [3, 1, 2]
    median(measured)
    expect(measured).toEqual([3, 1, 2])
  })

  it('has as many values below as above', () => {
    fc.assert(
      fc.property(values, (sample) => {
        const middle = median(sample) as number
        const below = sample.filter((value) => value < middle).length
        const above = sample.filter((value) => value > middle).length
        expect(below).toBeLessThanOrEqual(sample.length / 2)
        expect(above).toBeLessThanOrEqual(sample.length / 2)
      }),
    )
  })
})

describe('quantile', () => {
  it('interpolates as R does by default: quantile(c(10, 20, 30, 40), c(.25, .5, .95))', () => {
    expect(quantile([40, 10, 30, 20], 0.25)).toBeCloseTo(17.5, 12)
    expect(quantile([40, 10, 30, 20], 0.5)).toBeCloseTo(25, 12)
    expect(quantile([40, 10, 30, 20], 0.95)).toBeCloseTo(38.5, 12)
  })

  it('lies within the sample and never falls as p rises', () => {
    const probability = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(values, probability, probability, (sample, p, q) => {
        const low = quantile(sample, Math.min(p, q)) as number
        const high = quantile(sample, Math.max(p, q)) as number
        const tolerance = 1e-12 * Math.max(...sample.map(Math.abs))
        expect(low).toBeGreaterThanOrEqual(Math.min(...sample) - tolerance)
        expect(high).toBeLessThanOrEqual(Math.max(...sample) + tolerance)
        expect(low).toBeLessThanOrEqual(high + tolerance)
      }),
    )
  })

  it('refuses a probability that is none', () => {
    expect(() => quantile([1], 95)).toThrow(RangeError)
    expect(() => quantile([1], Number.NaN)).toThrow(RangeError)
  })
})
