import { describe, expect, it } from 'vitest'
import { generator } from './random.ts'
import { finding, inSubsets, inTrials } from './detection.ts'
import { normalQuantile } from './normal.ts'

const random = generator(7)
const noise = (count: number, shift = 0) =>
  Array.from({ length: count }, () => shift + 0.1 * normalQuantile(0.0005 + 0.999 * random()))
const slower = [0.1, 0.2, 0.3, 0.15, 0.25, 0.12, 0.22]

describe('a finding', () => {
  it('has the direction of the difference', () => {
    expect(finding(slower)).toBe(1)
    expect(finding(slower.map((value) => -value))).toBe(-1)
  })

  it('is none of too few, of none, and of what lies about zero', () => {
    expect(finding(slower.slice(0, 5))).toBe(0)
    expect(finding([])).toBe(0)
    expect(finding([0.1, -0.2, 0.3, -0.15, 0.05, -0.12, 0.02])).toBe(0)
  })
})

describe('trials of a long run', () => {
  it('follow each other without a gap, and what is left over is none', () => {
    const logs = [...slower, ...slower.map((value) => -value), 9, 9]
    expect(inTrials(logs, 7, 'any')).toEqual({ found: 2, trials: 2 })
    expect(inTrials(logs, 7, 'slower')).toEqual({ found: 1, trials: 2 })
    expect(inTrials(logs, 17, 'any').trials).toBe(0)
  })

  it('find what is not there about as often as they say: 5 % of 2,000', () => {
    const { found, trials } = inTrials(noise(20_000), 10, 'any')
    expect(trials).toBe(2000)
    expect(found / trials).toBeGreaterThan(0.035)
    expect(found / trials).toBeLessThan(0.065)
  })
})

describe('subsets', () => {
  it('find more the larger they are', () => {
    const logs = noise(200, 0.05)
    const shares = [10, 40, 80].map((size) => inSubsets(logs, size, 'slower', random, 300) ?? Number.NaN)
    expect(shares[0]).toBeLessThan(shares[1] as number)
    expect(shares[1]).toBeLessThan(shares[2] as number)
    expect(shares[2]).toBeGreaterThan(0.9)
  })

  it('are not drawn of nearly all rounds', () => {
    expect(inSubsets(noise(10), 6, 'any', random)).toBeNull()
    expect(inSubsets(noise(12), 6, 'any', random, 10)).not.toBeNull()
  })
})
