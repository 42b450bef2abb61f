import { describe, expect, it } from 'vitest'
import { coverageOfMedian, coverageOfRatio, coverageOfTwo } from './coverage.ts'
import { NOISES } from './noise.ts'

const SEED = 1

/** Tolerance around the claimed 95 %. */
function expectToBe95Percent(coverage: number): void {
  expect(coverage).toBeGreaterThanOrEqual(0.93)
  expect(coverage).toBeLessThanOrEqual(0.97)
}

describe.each(NOISES)('with noise that is $title, 95 % is 93 to 97 % in 2,000 draws', (noise) => {
  it.each([6, 10, 20, 40])('of the interval of a median of %i samples', (n) => {
    expectToBe95Percent(coverageOfMedian(noise, n, SEED))
  })

  it.each([6, 10, 21, 40])('of the interval of a ratio of %i pairs', (n) => {
    expectToBe95Percent(coverageOfRatio(noise, n, SEED))
  })
})

describe.each(NOISES)('with noise that is $title', (noise) => {
  it.each([
    [5, 5],
    [5, 20],
    [10, 10],
    [21, 40],
    [120, 20],
  ])('95 % of the interval of a ratio of %i samples to %i others are 94.5 to 98.5 %%', (n, m) => {
    const coverage = coverageOfTwo(noise, [n, m], SEED)
    expect(coverage).toBeGreaterThanOrEqual(0.945)
    expect(coverage).toBeLessThanOrEqual(0.985)
  })
})

describe('of more pairs than the bootstrap takes', () => {
  it('95 % is 93 to 97 %, too', () => {
    for (const noise of NOISES.slice(0, 2)) expectToBe95Percent(coverageOfRatio(noise, 120, SEED))
  })
})
