import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sorted } from './quantile.ts'
import { signedRank } from './signed-rank.ts'
import { signedRankInterval, walshAverage } from './signed-rank-interval.ts'

const noise = (n: number) => Array.from({ length: n }, (_, index) => Math.sin((index + 1) ** 2) + index / 100)

describe('walshAverage', () => {
  it('is the k-th of all means of two values', () => {
    const values = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 1, maxLength: 25 })
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (sample, where) => {
        const ascending = sorted(sample)
        const means = sorted(sample.flatMap((a, index) => sample.slice(index).map((b) => (a + b) / 2)))
        const k = 1 + Math.floor(where * (means.length - 1))
        expect(walshAverage(ascending, k)).toBeCloseTo(means[k - 1] as number, 9)
      }),
    )
  })
})

describe('signedRankInterval', () => {
  it.each([6, 9, 20, 50, 51, 120])('of %i values holds the shifts that the test does not reject', (n) => {
    const values = noise(n)
    const { low, high } = signedRankInterval(values) ?? { low: Number.NaN, high: Number.NaN }
    const pAt = (shift: number) => signedRank(values.map((value) => value - shift))?.p
    const step = 1e-6
    expect(pAt(low - step)).toBeLessThanOrEqual(0.05)
    expect(pAt(low + step)).toBeGreaterThan(0.05)
    expect(pAt(high - step)).toBeGreaterThan(0.05)
    expect(pAt(high + step)).toBeLessThanOrEqual(0.05)
  })

  it('covers what its tail leaves, from 6 values on', () => {
    expect(signedRankInterval(noise(5))).toBeNull()
    expect(signedRankInterval([])).toBeNull()
    expect(signedRankInterval(noise(6))?.coverage).toBeCloseTo(1 - 2 / 2 ** 6, 12)
    // P(T ≤ 8) of ten is 25 of 1024.
    expect(signedRankInterval(noise(10))?.coverage).toBeCloseTo(1 - 50 / 1024, 12)
  })
})
