import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { digamma, trigamma } from './polygamma.ts'
import { variancePrior } from './variance-prior.ts'

const ofThreeRounds = (variances: readonly number[]) =>
  variances.map((variance) => ({ variance, degrees: 2 }))

/** Variances whose logarithms have this mean and this variance. */
function withMoments(mean: number, variance: number, count = 200): number[] {
  const unit = Array.from({ length: count }, (_, index) => (index % 2 === 0 ? 1 : -1))
  const scale = Math.sqrt((variance * (count - 1)) / count)
  return unit.map((sign) => Math.exp(mean + sign * scale))
}

describe('variancePrior', () => {
  it('has the parameters whose log variances have the mean and the variance that are there', () => {
    // G. K. Smyth (2004), section 6.2: E log s² = log s₀² + ψ(d/2) − log(d/2) − ψ(d₀/2) + log(d₀/2), and the variance
    // is ψ′(d/2) + ψ′(d₀/2).
    const mean = Math.log(0.01) + digamma(1) - (digamma(2) - Math.log(2))
    const prior = variancePrior(ofThreeRounds(withMoments(mean, trigamma(1) + trigamma(2))))
    expect(prior.degrees).toBeCloseTo(4, 10)
    expect(prior.variance).toBeCloseTo(1.3 * 0.01, 12)
  })

  it('takes variances that differ by chance alone for one variance, as far as their number allows', () => {
    const prior = variancePrior(ofThreeRounds(withMoments(0, 0.9 * trigamma(1), 100)))
    expect(prior.degrees).toBeCloseTo(99 / 6, 12)
    expect(prior.variance).toBeCloseTo(1.3 * Math.exp(-digamma(1)), 12)
  })

  it('knows nothing of fewer than two, or where none differs from 0', () => {
    for (const variances of [[], [1], [0, 0, 0]]) {
      expect(variancePrior(ofThreeRounds(variances))).toEqual({ degrees: 0, variance: 0 })
    }
  })

  it('learns nothing of rounds that are equal to the last digit', () => {
    const variances = [1, 3, 0.2, 5, 0.7, 2]
    expect(variancePrior(ofThreeRounds([0, ...variances, 1e-32]))).toEqual(
      variancePrior(ofThreeRounds(variances)),
    )
  })

  it('follows the unit of the variances', () => {
    const variances = fc.array(fc.double({ min: 1e-3, max: 1, noNaN: true }), { minLength: 2, maxLength: 40 })
    fc.assert(
      fc.property(variances, fc.double({ min: 0.01, max: 100, noNaN: true }), (values, unit) => {
        const one = variancePrior(ofThreeRounds(values))
        const other = variancePrior(ofThreeRounds(values.map((value) => unit * value)))
        expect(other.degrees).toBeCloseTo(one.degrees, 8)
        expect(other.variance / one.variance / unit).toBeCloseTo(1, 8)
      }),
    )
  })
})
