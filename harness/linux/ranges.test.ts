import { describe, expect, it } from 'vitest'
import { commonBytes } from './ranges.ts'

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
