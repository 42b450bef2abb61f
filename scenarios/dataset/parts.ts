/** Parts of a file to look at: whole blocks, but for the file's end. */
import type { FileRange } from '../../harness/contracts/scenario.ts'
import { BLOCK } from './content.ts'

/** Blocks that follow each other, as parts. `blocks`: offsets in order. */
export function partsOf(blocks: Iterable<number>): FileRange[] {
  const parts: FileRange[] = []
  for (const offset of blocks) {
    const last = parts.at(-1)
    if (last !== undefined && last.offset + last.length === offset) last.length += BLOCK
    else parts.push({ offset, length: BLOCK })
  }
  return parts
}

/** Returns the blocks of a file of this size that do not lie whole in one of the ranges, which are in order. */
export function outside(ranges: readonly FileRange[], size: number): FileRange[] {
  const parts: FileRange[] = []
  let seen = 0
  for (const { offset, length } of ranges) {
    const start = Math.ceil(offset / BLOCK) * BLOCK
    const end = Math.floor((offset + length) / BLOCK) * BLOCK
    if (end <= start) continue
    if (start > seen) parts.push({ offset: seen, length: Math.min(start, size) - seen })
    seen = Math.max(seen, end)
    if (seen >= size) return parts
  }
  parts.push({ offset: seen, length: size - seen })
  return parts
}

/** Returns all that lies in one of the parts, in order and once, as far as a file of this size goes. */
export function union(parts: readonly FileRange[], size: number): FileRange[] {
  const result: FileRange[] = []
  for (const { offset, length } of parts.toSorted((a, b) => a.offset - b.offset)) {
    const end = Math.min(offset + length, size)
    const last = result.at(-1)
    if (last !== undefined && offset <= last.offset + last.length)
      last.length = Math.max(last.length, end - last.offset)
    else if (end > offset) result.push({ offset, length: end - offset })
  }
  return result
}

/** Returns the bytes in parts that do not overlap. */
export function totalLength(parts: readonly FileRange[]): number {
  return parts.reduce((sum, { length }) => sum + length, 0)
}
