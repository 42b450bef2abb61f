import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { modes } from './modes.ts'

/** Around `level`, give or take 5 %. */
const around = (level: number, count: number) =>
  Array.from({ length: count }, (_, index) => level * (1 + Math.sin(index * index) / 20))

describe('modes', () => {
  it('sees 70 % at 2 ms and 30 % at 2 s', () => {
    const [quick, slow, ...more] = modes([...around(2, 3), ...around(0.002, 7)])
    expect(more).toEqual([])
    expect(quick?.center).toBeCloseTo(0.002, 4)
    expect(quick?.share).toBeCloseTo(0.7, 12)
    expect(slow?.center).toBeCloseTo(2, 1)
    expect(slow?.share).toBeCloseTo(0.3, 12)
  })

  it('sees a mode half as large again as the other', () => {
    expect(modes([...around(0.003, 12), ...around(0.002, 28)])).toHaveLength(2)
  })

  it('takes a few outliers for what they are', () => {
    expect(modes([...around(0.002, 18), ...around(2, 2)])).toHaveLength(1)
    expect(modes([...around(0.002, 60), ...around(2, 5)])).toHaveLength(1)
    expect(modes([...around(0.002, 54), ...around(2, 6)])).toHaveLength(2)
  })

  it('does not ask of fewer than ten values', () => {
    expect(modes([...around(0.002, 6), ...around(2, 3)])).toHaveLength(1)
  })

  it('is one mode of one group, at its median', () => {
    expect(modes([1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9, 2])).toEqual([{ center: 1.5, share: 1 }])
    expect(modes([3, 3, 3, 3, 3, 3, 3, 3, 3, 3])).toEqual([{ center: 3, share: 1 }])
    expect(modes([])).toEqual([])
  })

  it('does not call the ticks of a clock modes, but groups without any scatter', () => {
    expect(
      modes([...Array.from({ length: 10 }, () => 100), ...Array.from({ length: 10 }, () => 101)]),
    ).toHaveLength(1)
    expect(
      modes([...Array.from({ length: 10 }, () => 100), ...Array.from({ length: 10 }, () => 200)]),
    ).toEqual([
      { center: 100, share: 0.5 },
      { center: 200, share: 0.5 },
    ])
  })

  it('has no logarithm of nought to split by', () => {
    expect(modes([0, 0, 0, 0, 0, 5, 5, 5, 5, 5])).toHaveLength(1)
  })

  it('shares out all values, in ascending order, whatever the unit and the order', () => {
    const values = fc.array(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 60 })
    fc.assert(
      fc.property(values, (sample) => {
        const found = modes(sample)
        expect(found.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12)
        expect(found.map(({ center }) => center)).toEqual(
          found.map(({ center }) => center).toSorted((a, b) => a - b),
        )
        expect(modes(sample.toReversed())).toEqual(found)
        expect(modes(sample.map((value) => value * 1024))).toHaveLength(found.length)
      }),
    )
  })
})
