import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { medianBootstrap } from './median-bootstrap.ts'
import { normalCdf, normalQuantile } from './normal.ts'
import { median } from './quantile.ts'

/** Whole numbers, so that moving and doubling them is exact, and some are tied. */
const samples = fc.array(fc.integer({ min: -500, max: 500 }), { minLength: 6, maxLength: 60 })

/** All resamples there are, one after the other: what the closed form says in one formula. */
function mediansOfAllResamples(values: readonly number[], draws: number): number[] {
  const medians: number[] = []
  const resample: number[] = []
  const draw = (): void => {
    if (resample.length === draws) {
      medians.push(median(resample) as number)
      return
    }
    for (const value of values) {
      resample.push(value)
      draw()
      resample.pop()
    }
  }
  draw()
  return medians.sort((a, b) => a - b)
}

/** Returns the distribution function, drawn through the middle of each step, turned round. */
function quantileOfSteps(ascending: readonly number[], level: number): number {
  const steps = [...new Set(ascending)].map((value) => ({
    value,
    middle: (ascending.indexOf(value) + ascending.lastIndexOf(value) + 1) / 2 / ascending.length,
  }))
  const above = steps.findIndex(({ middle }) => middle >= level)
  const [right, left] = [steps[above], steps[above - 1]]
  if (right === undefined) return ascending.at(-1) as number
  if (left === undefined) return right.value
  return left.value + ((right.value - left.value) * (level - left.middle)) / (right.middle - left.middle)
}

/** Efron's recipe by the letter: z₀ by counting, a by the jackknife. */
function bcaByHand(values: readonly number[], draws: number): { low: number; high: number } {
  const center = median(values) as number
  const medians = mediansOfAllResamples(values, draws)
  const below = medians.filter((value) => value < center).length
  const equal = medians.filter((value) => value === center).length
  const bias = normalQuantile((below + equal / 2) / medians.length)
  const level = (z: number) => normalCdf(bias + (bias + z) / (1 - accelerationOf(values) * (bias + z)))
  const z = normalQuantile(0.975)
  return { low: quantileOfSteps(medians, level(-z)), high: quantileOfSteps(medians, level(z)) }
}

function accelerationOf(values: readonly number[]): number {
  const left = values.map((_, out) => median(values.filter((__, index) => index !== out)) as number)
  const mean = left.reduce((sum, value) => sum + value, 0) / left.length
  const sumOf = (power: number) => left.reduce((sum, value) => sum + (mean - value) ** power, 0)
  const squares = sumOf(2)
  return squares === 0 ? 0 : sumOf(3) / (6 * squares ** 1.5)
}

describe('medianBootstrap', () => {
  it.each([
    [6, 4],
    [7, 6],
  ])('of %i samples is what all resamples of %i give, one by one', (n, draws) => {
    const values = Array.from({ length: n }, (_, index) => Math.round(100 * Math.tan(index + 1)) / 100)
    const byHand = bcaByHand(values, draws)
    const interval = medianBootstrap(values)
    expect(interval?.low).toBeCloseTo(byHand.low, 6)
    expect(interval?.high).toBeCloseTo(byHand.high, 6)
    expect(interval?.coverage).toBe(0.95)
  })

  it('holds the sample median, and knows nothing of the order of the samples', () => {
    fc.assert(
      fc.property(samples, (values) => {
        const interval = medianBootstrap(values)
        const center = median(values) as number
        expect(interval?.low).toBeLessThanOrEqual(center + 1e-9)
        expect(interval?.high).toBeGreaterThanOrEqual(center - 1e-9)
        expect(medianBootstrap(values.toReversed())).toEqual(interval)
      }),
    )
  })

  it('moves, grows and turns round with the samples', () => {
    fc.assert(
      fc.property(samples, (values) => {
        const interval = medianBootstrap(values)
        const turned = medianBootstrap(values.map((value) => 3 - 2 * value))
        // Ten digits, however large the values are.
        const exact = 1e-10 * Math.max(3, ...values.map((value) => Math.abs(2 * value)))
        expect(Math.abs((turned?.low ?? Number.NaN) - (3 - 2 * (interval?.high ?? Number.NaN)))).toBeLessThan(
          exact,
        )
        expect(Math.abs((turned?.high ?? Number.NaN) - (3 - 2 * (interval?.low ?? Number.NaN)))).toBeLessThan(
          exact,
        )
      }),
    )
  })

  it('is one point of samples that are all the same', () => {
    expect(medianBootstrap([4, 4, 4, 4, 4, 4, 4])).toEqual({ low: 4, high: 4, coverage: 0.95 })
  })

  it('is not told where minimum to maximum does not cover as much', () => {
    expect(medianBootstrap([])).toBeNull()
    expect(medianBootstrap([1, 2, 3, 4, 5])).toBeNull()
    expect(medianBootstrap([1, 2, 3, 4, 5], 0.9)).not.toBeNull()
    expect(medianBootstrap([1, 2, 3, 4, 5, 6], 0.99)).toBeNull()
  })
})
