/** Which bytes of the device a snapshot's files occupy, to tell its own from those it shares with its parent. */
import type { Extent } from '../../harness/contracts/syscalls.ts'

// linux/fiemap.h
const FIEMAP_EXTENT_UNKNOWN = 0x2
const FIEMAP_EXTENT_DELALLOC = 0x4
const FIEMAP_EXTENT_DATA_INLINE = 0x200

/** Bytes of the device, `end` excluded. */
export interface Range {
  start: number
  end: number
}

/** The device's bytes that these extents occupy, in order and without overlap. Inline data has no place of its own. */
export function occupied(extents: Iterable<Extent>): Range[] {
  const nowhere = FIEMAP_EXTENT_UNKNOWN | FIEMAP_EXTENT_DELALLOC | FIEMAP_EXTENT_DATA_INLINE
  const ranges: Range[] = []
  for (const extent of extents) {
    if ((extent.flags & nowhere) === 0) {
      ranges.push({ start: extent.physical, end: extent.physical + extent.length })
    }
  }
  return merged(ranges)
}

function merged(ranges: Range[]): Range[] {
  const result: Range[] = []
  for (const range of ranges.sort((a, b) => a.start - b.start)) {
    const last = result.at(-1)
    if (last !== undefined && range.start <= last.end) last.end = Math.max(last.end, range.end)
    else result.push({ ...range })
  }
  return result
}

/** The parts of these extents whose place in the file lies in `ranges`, which are in order and without overlap. */
export function within(extents: Iterable<Extent>, ranges: readonly Range[]): Extent[] {
  const parts: Extent[] = []
  for (const extent of extents) {
    for (const range of ranges) {
      const start = Math.max(extent.logical, range.start)
      const length = Math.min(extent.logical + extent.length, range.end) - start
      if (length <= 0) continue
      parts.push({ ...extent, logical: start, physical: extent.physical + start - extent.logical, length })
    }
  }
  return parts
}

/** Bytes in `ranges`. */
export function totalBytes(ranges: readonly Range[]): number {
  return ranges.reduce((sum, range) => sum + range.end - range.start, 0)
}

/** Bytes that are in both; each list as {@link occupied} gives it. */
export function commonBytes(left: readonly Range[], right: readonly Range[]): number {
  let bytes = 0
  let at = 0
  for (const range of left) {
    while ((right[at]?.end ?? Infinity) <= range.start) at += 1
    for (let index = at; (right[index]?.start ?? Infinity) < range.end; index += 1) {
      const other = right[index] as Range
      bytes += Math.min(range.end, other.end) - Math.max(range.start, other.start)
    }
  }
  return bytes
}
