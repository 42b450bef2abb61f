import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { FileRange } from '../../harness/contracts/scenario.ts'
import { BLOCK } from './content.ts'
import { outside, partsOf, totalLength, union } from './parts.ts'

const SIZE = 6 * BLOCK + 7

it('blocks that follow each other are one part', () => {
  expect(partsOf([0, BLOCK, 3 * BLOCK])).toEqual([
    { offset: 0, length: 2 * BLOCK },
    { offset: 3 * BLOCK, length: BLOCK },
  ])
})

const ranges = fc
  .array(fc.record({ offset: fc.nat(2 * SIZE), length: fc.nat(SIZE) }), { maxLength: 6 })
  .map((list) => list.toSorted((a, b) => a.offset - b.offset))

/** Returns a 1 for each byte of the file that lies in one of the parts. */
function covered(parts: readonly FileRange[]): Buffer {
  const bytes = Buffer.alloc(SIZE)
  for (const { offset, length } of parts) {
    bytes.fill(1, Math.min(offset, SIZE), Math.min(offset + length, SIZE))
  }
  return bytes
}

it('what is outside of ranges are the blocks that are not whole in one of them, in order and from their beginning', () => {
  fc.assert(
    fc.property(ranges, (given) => {
      const parts = outside(given, SIZE)
      const seen = covered(parts)
      for (let at = 0; at < SIZE; at += BLOCK) {
        const whole = given.some(({ offset, length }) => offset <= at && offset + length >= at + BLOCK)
        expect(new Set(seen.subarray(at, at + BLOCK))).toEqual(new Set([whole ? 0 : 1]))
      }
      for (const { offset } of parts) expect(offset % BLOCK).toBe(0)
    }),
  )
})

it('a union has all that is in its parts, once and in order', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ offset: fc.nat(2 * SIZE), length: fc.nat(SIZE) })), (parts) => {
      const merged = union(parts, SIZE)
      const seen = covered(merged)
      expect(seen.equals(covered(parts))).toBe(true)
      expect(totalLength(merged)).toBe(seen.reduce((sum, byte) => sum + byte, 0))
      expect(merged).toEqual(merged.toSorted((a, b) => a.offset - b.offset))
    }),
  )
})
