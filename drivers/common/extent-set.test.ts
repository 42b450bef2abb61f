import { describe, expect, it } from 'vitest'
import { commonBytes, occupied, totalBytes } from './extent-set.ts'

const extent = (physical: number, length: number, flags = 0) => ({ logical: 0, physical, length, flags })

describe('occupied', () => {
  it('orders the ranges and counts an overlap once', () => {
    const ranges = occupied([extent(8192, 4096), extent(0, 4096), extent(8192, 8192)])
    expect(ranges).toEqual([
      { start: 0, end: 4096 },
      { start: 8192, end: 16384 },
    ])
    expect(totalBytes(ranges)).toBe(12288)
  })

  it('leaves out what has no place on the device: delayed, unknown and inline extents', () => {
    expect(occupied([extent(0, 4096, 0x4), extent(0, 4096, 0x2), extent(0, 512, 0x200)])).toEqual([])
  })
})

describe('commonBytes', () => {
  it('finds the overlap of ranges that cut each other in several places', () => {
    const left = [
      { start: 0, end: 100 },
      { start: 200, end: 300 },
    ]
    const right = [
      { start: 50, end: 210 },
      { start: 220, end: 230 },
      { start: 299, end: 400 },
    ]
    expect(commonBytes(left, right)).toBe(50 + 10 + 10 + 1)
    expect(commonBytes(right, left)).toBe(71)
  })

  it('is zero for ranges that only touch', () => {
    expect(commonBytes([{ start: 0, end: 4096 }], [{ start: 4096, end: 8192 }])).toBe(0)
  })
})
