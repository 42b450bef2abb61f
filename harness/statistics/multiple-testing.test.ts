import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { benjaminiHochberg, holm } from './multiple-testing.ts'

/** p values from Benjamini and Hochberg (1995), section 4.1: fifteen comparisons of two treatments of infarction. */
const INFARCTION = [
  0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528,
  0.759, 1,
]

const probabilities = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 30 })

describe('benjaminiHochberg', () => {
  it('rejects four of the article’s fifteen', () => {
    const adjusted = benjaminiHochberg(INFARCTION)
    expect(adjusted.filter((p) => p <= 0.05)).toHaveLength(4)
    expect(adjusted[3]).toBeCloseTo((15 * 0.0095) / 4, 12)
  })

  it('lies between the values given and those of Holm', () => {
    fc.assert(
      fc.property(probabilities, (ps) => {
        const strict = holm(ps)
        for (const [index, p] of benjaminiHochberg(ps).entries()) {
          expect(p).toBeGreaterThanOrEqual(ps[index] as number)
          expect(p).toBeLessThanOrEqual((strict[index] as number) + 1e-15)
        }
      }),
    )
  })
})

describe('holm', () => {
  it('rejects three of the fifteen, as Bonferroni does', () => {
    expect(holm(INFARCTION).filter((p) => p <= 0.05)).toHaveLength(3)
  })

  it('steps down, in the order given', () => {
    expect(holm([0.04, 0.01, 0.03, 0.005])).toEqual(
      [0.06, 0.03, 0.06, 0.02].map((p) => expect.closeTo(p, 12)),
    )
    expect(holm([])).toEqual([])
  })

  it('keeps the order of the values, and multiplies by at most their number', () => {
    fc.assert(
      fc.property(probabilities, (ps) => {
        const adjusted = holm(ps)
        for (const [index, p] of ps.entries()) {
          expect(adjusted[index]).toBeGreaterThanOrEqual(p)
          expect(adjusted[index]).toBeLessThanOrEqual(Math.min(1, ps.length * p) + 1e-15)
          const smaller = ps.flatMap((other, at) => (other < p ? [adjusted[at] as number] : []))
          expect(Math.max(0, ...smaller)).toBeLessThanOrEqual(adjusted[index] as number)
        }
      }),
    )
  })
})
