import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { samplesForTail, tailQuantile } from './tail-quantile.ts'

const upTo = (n: number) => Array.from({ length: n }, (_, index) => index + 1)

/** P(B < k) for every k, by Pascal's recurrence, without logarithms. */
function cumulativeBinomial(n: number, p: number): number[] {
  const probabilities = new Float64Array(n + 2)
  probabilities[0] = 1
  for (let trial = 0; trial < n; trial += 1) {
    for (let count = trial + 1; count >= 0; count -= 1) {
      const before = count === 0 ? 0 : (probabilities[count - 1] as number)
      probabilities[count] = (probabilities[count] as number) * (1 - p) + before * p
    }
  }
  let sum = 0
  return Array.from(probabilities, (probability) => (sum += probability) - probability)
}

describe('tailQuantile', () => {
  it('is given from the numbers of Wilks on: 59 and 299', () => {
    expect(samplesForTail(0.95)).toBe(59)
    expect(samplesForTail(0.99)).toBe(299)
    expect(tailQuantile(upTo(58), 0.95)).toBeNull()
    expect(tailQuantile(upTo(59), 0.95)).toMatchObject({ high: 59 })
    expect(tailQuantile(upTo(298), 0.99)).toBeNull()
    expect(tailQuantile(upTo(299), 0.99)).toMatchObject({ high: 299 })
    expect(tailQuantile([], 0.95)).toBeNull()
  })

  it('has ranks that cover at least 95 %, and none that are closer do', () => {
    const sizes = fc.oneof(
      fc.tuple(fc.integer({ min: 59, max: 250 }), fc.constant(0.95)),
      fc.tuple(fc.integer({ min: 299, max: 450 }), fc.constant(0.99)),
    )
    fc.assert(
      fc.property(sizes, ([n, p]) => {
        const { low, high, coverage } = tailQuantile(upTo(n), p) ?? { low: 0, high: 0, coverage: 0 }
        const below = cumulativeBinomial(n, p)
        const covers = (from: number, to: number) => (below[to] ?? Number.NaN) - (below[from] ?? Number.NaN)
        expect(coverage).toBeCloseTo(covers(low, high), 9)
        expect(coverage).toBeGreaterThanOrEqual(0.95)
        // One rank less at either end.
        expect(covers(low, high - 1)).toBeLessThan(0.95)
        expect(covers(low + 1, high)).toBeLessThan(0.95)
      }),
    )
  })

  it('holds its value', () => {
    const values = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 59, maxLength: 400 })
    fc.assert(
      fc.property(values, (sample) => {
        const tail = tailQuantile(sample, 0.95)
        expect(tail?.low).toBeLessThanOrEqual(tail?.value ?? Number.NaN)
        expect(tail?.high).toBeGreaterThanOrEqual(tail?.value ?? Number.NaN)
      }),
    )
  })

  it('of 10,000 values has limits near by', () => {
    expect(tailQuantile(upTo(10_000), 0.99)).toEqual({
      value: expect.closeTo(9900.01, 6),
      low: 9881,
      high: 9920,
      coverage: expect.closeTo(0.9503, 4),
    })
  })
})
