import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { medianInterval, medianRanks } from './median-interval.ts'
import { median } from './quantile.ts'

/** P(l ≤ B ≤ n − l), B binomial (n, ½), in whole numbers. */
function exactCoverage(n: number, lower: number): number {
  let coefficient = 1n
  let sum = 0n
  for (let k = 0; k <= n; k += 1) {
    if (k >= lower && k <= n - lower) sum += coefficient
    coefficient = (coefficient * BigInt(n - k)) / BigInt(k + 1)
  }
  return Number((sum * 10n ** 15n) / 2n ** BigInt(n)) / 1e15
}

describe('medianRanks', () => {
  it.each([
    // n, rank from either end, coverage: the usual table of the sign test's interval.
    [2, 1, 0.5],
    [5, 1, 0.9375],
    [6, 1, 0.96875],
    [8, 1, 0.9921875],
    [9, 2, 0.9609375],
    [10, 2, 0.978515625],
    [20, 6, 0.958610534],
    [30, 10, 0.957226055],
  ])('of %i samples takes rank %i and covers %f', (n, lower, coverage) => {
    const ranks = medianRanks(n)
    expect(ranks?.lower).toBe(lower)
    expect(ranks?.coverage).toBeCloseTo(coverage, 8)
  })

  it('says what is attained where 95 % cannot be', () => {
    for (let n = 2; n < 6; n += 1) {
      const ranks = medianRanks(n)
      expect(ranks?.lower).toBe(1)
      expect(ranks?.coverage).toBeCloseTo(1 - 2 ** (1 - n), 12)
      expect(ranks?.coverage).toBeLessThan(0.95)
    }
  })

  it('agrees with the binomial sum in whole numbers, and is the narrowest that reaches the nominal coverage', () => {
    fc.assert(
      fc.property(fc.integer({ min: 6, max: 400 }), fc.constantFrom(0.9, 0.95), (n, nominal) => {
        const ranks = medianRanks(n, nominal)
        if (ranks === null) throw new Error('an interval is expected')
        expect(ranks.coverage).toBeCloseTo(exactCoverage(n, ranks.lower), 8)
        expect(ranks.coverage).toBeGreaterThanOrEqual(nominal)
        expect(exactCoverage(n, ranks.lower + 1)).toBeLessThan(nominal)
      }),
    )
  })

  it('meets the normal approximation n/2 − 1.96·√n/2 at a million samples', () => {
    const ranks = medianRanks(1_000_000)
    expect(Math.abs((ranks?.lower ?? 0) - (500_000 - 980))).toBeLessThanOrEqual(2)
    expect(ranks?.coverage).toBeCloseTo(0.95, 3)
  })
})

describe('medianInterval', () => {
  it('is minimum to maximum at 5 samples, with 93.75 %', () => {
    expect(medianInterval([5, 3, 9, 1, 4])).toEqual({ low: 1, high: 9, coverage: expect.closeTo(0.9375, 10) })
  })

  it('states the coverage that it attains below 6 samples, and 95 % from there on', () => {
    const coverageAt = (n: number) => medianInterval(Array.from({ length: n }, (_, index) => index))?.coverage
    expect([2, 3, 4, 5].map(coverageAt)).toEqual(
      [0.5, 0.75, 0.875, 0.9375].map((coverage) => expect.closeTo(coverage, 10)),
    )
    expect([6, 7, 10, 100, 1001].map(coverageAt)).toEqual([0.95, 0.95, 0.95, 0.95, 0.95])
  })

  it('interpolates as in the manual of Minitab: 1-sample sign, price index of 29 homes', () => {
    // Positions 9 (97.59 %) and 10 (93.86 %) from either end; the others do not matter.
    const around = [101, 110, ...Array.from({ length: 9 }, (_, index) => 120 + index), 210, 220]
    const sample = [
      ...Array.from({ length: 8 }, (_, index) => index),
      ...around,
      ...Array.from({ length: 8 }, () => 900),
    ]
    const interval = medianInterval(sample)
    expect(interval?.low).toBeCloseTo(108.5, 1)
    expect(interval?.high).toBeCloseTo(211.7, 1)
  })

  it('lies between the ranks that cover more and those that cover less', () => {
    fc.assert(
      fc.property(fc.integer({ min: 6, max: 300 }), fc.constantFrom(0.9, 0.95), (n, nominal) => {
        const { lower } = medianRanks(n, nominal) ?? { lower: Number.NaN }
        const interval = medianInterval(
          Array.from({ length: n }, (_, index) => index + 1),
          nominal,
        )
        expect(interval?.low).toBeGreaterThanOrEqual(lower)
        expect(interval?.low).toBeLessThanOrEqual(lower + 1)
        expect((interval?.low ?? 0) + (interval?.high ?? 0)).toBeCloseTo(n + 1, 8)
      }),
    )
  })

  it('is not known from one sample', () => {
    expect(medianInterval([5])).toBeNull()
    expect(medianInterval([])).toBeNull()
  })

  it('holds the sample median of the least numbers there are', () => {
    const least = Array.from<number>({ length: 12 }).fill(Number.MIN_VALUE)
    expect(median(least)).toBe(Number.MIN_VALUE)
    expect(medianInterval(least)).toMatchObject({ low: Number.MIN_VALUE, high: Number.MIN_VALUE })
  })

  it('holds the sample median, whatever the order of the samples', () => {
    const values = fc.array(fc.double({ noNaN: true, min: 0, max: 1e9 }), { minLength: 2, maxLength: 80 })
    fc.assert(
      fc.property(values, (sample) => {
        const interval = medianInterval(sample)
        const middle = median(sample) as number
        const tolerance = 1e-12 * middle
        expect(interval?.low).toBeLessThanOrEqual(middle + tolerance)
        expect(interval?.high).toBeGreaterThanOrEqual(middle - tolerance)
        expect(medianInterval([...sample].reverse())).toEqual(interval)
      }),
    )
  })
})
