import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { breakEven } from './break-even.ts'

const MIB = 1024 ** 2

/** A cost of 1 ms beside one of 1 ms and 1 ns a byte. */
const growing = [1, 16, 256, 1024].map((mib) => ({
  x: mib * MIB,
  own: 1e-3 + mib * MIB * 1e-9,
  other: 1e-3,
}))

describe('breakEven', () => {
  it('finds the size between the measured ones', () => {
    // By the law behind the points: 9.5 MiB. On the chord between 1 and 16 MiB it is a little less.
    const found = breakEven(growing, { by: 0.01 })
    expect(found?.is).toBe('from')
    expect(found?.is === 'from' ? found.x / MIB : 0).toBeCloseTo(8.64, 2)
  })

  it('is exact for a cost that is a straight line on logarithmic axes', () => {
    const line = [1, 10, 100].map((x) => ({ x, own: x, other: 1 }))
    expect(breakEven(line, { times: 2 })).toEqual({ is: 'from', x: expect.closeTo(2, 9) as number })
    expect(breakEven(line, { by: 49 })).toEqual({ is: 'from', x: expect.closeTo(50, 9) as number })
  })

  it('says nothing beyond the measured points', () => {
    expect(breakEven(growing, { by: 5 })).toEqual({ is: 'nowhere', upTo: 1024 * MIB })
    expect(breakEven(growing, { times: 1.1 })).toEqual({ is: 'everywhere' })
  })

  it('says nothing of one point, of a cost of 0, and of what is dearer in the middle alone', () => {
    expect(breakEven(growing.slice(0, 1), { by: 0.01 })).toBeNull()
    expect(breakEven([...growing, { x: 2048 * MIB, own: 1, other: 0 }], { by: 0.01 })).toBeNull()
    const hill = [1, 10, 1].map((own, index) => ({ x: index + 1, own, other: 1 }))
    expect(breakEven(hill, { times: 2 })).toBeNull()
  })

  it('lies between a point that does not exceed and one that does, in any order and unit', () => {
    const cost = fc.double({ min: 1e-6, max: 100, noNaN: true })
    const points = fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 1e6 }), cost, cost), {
      selector: ([x]) => x,
      minLength: 2,
      maxLength: 6,
    })
    fc.assert(
      fc.property(points, (tuples) => {
        const costs = tuples.map(([x, own, other]) => ({ x, own, other }))
        const found = breakEven(costs, { times: 2 })
        expect(breakEven(costs.toReversed(), { times: 2 })).toEqual(found)
        if (found?.is !== 'from') return
        const isDearer = ({ own, other }: (typeof costs)[number]) => own >= 2 * other
        const above = costs.filter(({ x }) => x > found.x * (1 + 1e-9))
        expect(above.length).toBeGreaterThan(0)
        expect(above.every(isDearer)).toBe(true)
        expect(costs.filter(({ x }) => x < found.x * (1 - 1e-9)).every(isDearer)).toBe(false)
      }),
    )
  })
})
