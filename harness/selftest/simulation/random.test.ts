import { describe, expect, it } from 'vitest'
import { drawsOf } from './monte-carlo.ts'
import { NOISES } from './noise.ts'
import { randomOf } from './random.ts'
import { simulatePairs, simulateRounds } from './rounds.ts'

const COUNT = 20_000

describe('random numbers', () => {
  it('are the same for the same seed, and others for another', () => {
    const first = (seed: number) => drawsOf(seed, (random) => random.uniform(), 5)
    expect(first(1)).toEqual(first(1))
    expect(first(1)).not.toEqual(first(2))
  })

  it('fill the unit interval evenly', () => {
    const tenths = Array.from<number>({ length: 10 }).fill(0)
    for (const value of drawsOf(1, (random) => random.uniform(), COUNT)) {
      const tenth = Math.floor(10 * value)
      tenths[tenth] = (tenths[tenth] as number) + 1
    }
    // χ² of nine degrees of freedom: 27.9 is passed once in a thousand.
    const expected = COUNT / 10
    expect(tenths.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)).toBeLessThan(27.9)
  })

  it('are normal where they are said to be', () => {
    const values = drawsOf(1, (random) => random.normal(), COUNT)
    const momentOf = (power: number) => values.reduce((sum, value) => sum + value ** power, 0) / COUNT
    expect(momentOf(1)).toBeCloseTo(0, 1)
    expect(momentOf(2)).toBeCloseTo(1, 1)
    expect(momentOf(4)).toBeCloseTo(3, 0)
  })
})

describe('noise', () => {
  it.each(NOISES)('$title has its median at 0', ({ draw }) => {
    const above = drawsOf(1, draw, COUNT).filter((value) => value > 0).length
    // Four standard errors.
    expect(Math.abs(above / COUNT - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / COUNT))
  })
})

describe('simulated rounds', () => {
  const noise = { title: 'none', draw: () => 0 }

  it('drift, both cells of a round alike', () => {
    const { cell, control } = simulatePairs(randomOf(1), { noise, scale: 1, ratio: 1.25 }, 1000)
    const drifts = Array.from(control.values(), Math.log)
    for (const [round, value] of cell) expect(value / (control.get(round) as number)).toBeCloseTo(1.25, 12)
    const mean = drifts.reduce((sum, value) => sum + value, 0) / drifts.length
    const products = drifts
      .slice(1)
      .map((value, index) => (value - mean) * ((drifts[index] as number) - mean))
    const squares = drifts.map((value) => (value - mean) ** 2)
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
    expect(sum(products) / sum(squares)).toBeCloseTo(0.8, 1)
  })

  it('come one after the other', () => {
    const rounds = simulateRounds(randomOf(1), { noise, scale: 1, ratio: 1 })
    expect(rounds.next().value.cell.size).toBe(1)
    expect(rounds.next().value.control.size).toBe(2)
  })
})
