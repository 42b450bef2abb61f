import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ExtentFlag, occupied, within } from './fiemap.ts'
import { totalBytes } from './ranges.ts'

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
    expect(
      occupied([
        extent(0, 4096, ExtentFlag.delayed),
        extent(0, 4096, ExtentFlag.unknown),
        extent(0, 512, ExtentFlag.inline),
      ]),
    ).toEqual([])
  })
})

describe('within', () => {
  it('cuts extents to the ranges, and their places on the device with them', () => {
    const extents = [
      { logical: 0, physical: 1000, length: 100, flags: 1 },
      { logical: 100, physical: 5000, length: 100, flags: 2 },
    ]
    const ranges = [
      { start: 10, end: 20 },
      { start: 90, end: 150 },
    ]
    expect(within(extents, ranges)).toEqual([
      { logical: 10, physical: 1010, length: 10, flags: 1 },
      { logical: 90, physical: 1090, length: 10, flags: 1 },
      { logical: 100, physical: 5000, length: 50, flags: 2 },
    ])
  })

  it('of the ranges and of what is left between them gives the whole', () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 10 })
    fc.assert(
      fc.property(lengths, fc.nat(500), (parts, cut) => {
        let logical = 0
        const extents = parts.map((length, index) => {
          logical += length
          return { logical: logical - length, physical: index * 1000, length, flags: 0 }
        })
        const total = parts.reduce((sum, length) => sum + length, 0)
        const halves = [
          { start: 0, end: cut },
          { start: cut, end: Infinity },
        ]
        const bytes = halves.map((half) => totalBytes(occupied(within(extents, [half]))))
        expect(bytes).toEqual([Math.min(cut, total), Math.max(0, total - cut)])
      }),
    )
  })
})
