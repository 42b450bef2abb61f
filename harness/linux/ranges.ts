import type { Range } from '../contracts/syscalls.ts'

/** Returns the same bytes, in order and without overlap. Sorts `ranges` in place. */
export function mergeRanges(ranges: Range[]): Range[] {
  const result: Range[] = []
  for (const range of ranges.sort((a, b) => a.start - b.start)) {
    const last = result.at(-1)
    if (last !== undefined && range.start <= last.end) last.end = Math.max(last.end, range.end)
    else result.push({ ...range })
  }
  return result
}

/** Returns the number of bytes in `ranges`. */
export function totalBytes(ranges: readonly Range[]): number {
  return ranges.reduce((sum, range) => sum + range.end - range.start, 0)
}

/** Returns the number of bytes that are in both; each list is in order and without overlap. */
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
