import { describe, expect, it } from 'vitest'
import { medianBootstrap } from './median-bootstrap.ts'
import { medianInterval } from './median-interval.ts'
import { ratioInterval } from './ratio-interval.ts'

const logs = (n: number) => Array.from({ length: n }, (_, index) => Math.tan((index + 1) ** 2))

describe('ratioInterval', () => {
  it('is minimum to maximum with what this covers, below 6 pairs', () => {
    expect(ratioInterval([0.1, 0.3, 0.2])).toEqual({
      low: 0.1,
      high: 0.3,
      coverage: expect.closeTo(0.75, 10),
    })
    expect(ratioInterval([0.1])).toBeNull()
  })

  it('is that of the bootstrap from 6 to 100, and that of ranks beyond', () => {
    for (const n of [6, 7, 10, 41, 100]) expect(ratioInterval(logs(n))).toEqual(medianBootstrap(logs(n)))
    for (const n of [101, 10_000]) expect(ratioInterval(logs(n))).toEqual(medianInterval(logs(n)))
  })

  it('goes from the one to the other without a jump', () => {
    const evenly = Array.from({ length: 100 }, (_, index) => index)
    const bootstrap = medianBootstrap(evenly) ?? { low: 0, high: 0 }
    const ranks = medianInterval(evenly) ?? { low: 0, high: 0 }
    const ratio = (bootstrap.high - bootstrap.low) / (ranks.high - ranks.low)
    expect(Math.abs(ratio - 1)).toBeLessThan(0.02)
  })
})
