/**
 * Sparse files in GNU's archives: which ranges of a file the archive has, the rest being zeros. GNU tar manual, "Storing Sparse
 * Files": the old format keeps them in headers, PAX 0.1 in a record, PAX 1.0 before the content.
 */
import type { FileRange } from '../../../harness/contracts/scenario.ts'
import { archiveError, decodeNumber, type Records, TAR_BLOCK } from './block.ts'

export interface Sparse {
  /** Name of the file; null: that of the header. */
  path: string | null
  /** Bytes of the file with its holes. */
  size: number
  /** Ranges that are told so far. */
  ranges: readonly FileRange[]
  /** Where the others are: nowhere, in headers that follow, or before the content. */
  rest: 'none' | 'headers' | 'content'
}

// GNU tar, tar.h, struct oldgnu_header and struct sparse_header: offsets, and how many ranges each holds.
const OLD = { ranges: 386, count: 4, continues: 482, size: 483 } as const
const EXTENSION = { ranges: 0, count: 21, continues: 504 } as const
/** Bytes of one number of a range. */
const NUMBER = 12

/** Ranges of one file at most: memory is kept for them. */
const MOST_RANGES = 1_000_000

export function decodeOldSparse(block: Buffer): Sparse {
  return {
    path: null,
    size: decodeNumber(block, OLD.size, NUMBER),
    ranges: rangesIn(block, OLD),
    rest: block[OLD.continues] === 0 ? 'none' : 'headers',
  }
}

/** Returns the ranges of a header that continues another, and whether one more follows. */
export function decodeExtension(block: Buffer): { ranges: FileRange[]; continues: boolean } {
  return { ranges: rangesIn(block, EXTENSION), continues: block[EXTENSION.continues] !== 0 }
}

function rangesIn(block: Buffer, place: { ranges: number; count: number }): FileRange[] {
  const ranges: FileRange[] = []
  for (let index = 0; index < place.count; index += 1) {
    const at = place.ranges + index * 2 * NUMBER
    if (block[at] === 0) break
    ranges.push({ offset: decodeNumber(block, at, NUMBER), length: decodeNumber(block, at + NUMBER, NUMBER) })
  }
  return ranges
}

/** Returns what PAX records say of a sparse file; null where they say nothing. Throws `archive.sparse` for PAX 0.0. */
export function sparseOf(records: Records): Sparse | null {
  const text = (key: string) => records.get(`GNU.sparse.${key}`)?.toString() ?? null
  const path = text('name')
  if (text('major') === '1' && text('minor') === '0') {
    return { path, size: wholeNumber(text('realsize') ?? ''), ranges: [], rest: 'content' }
  }
  const map = text('map')
  if (map !== null) {
    const ranges = pairsOf(map.split(',').map(wholeNumber))
    return { path, size: wholeNumber(text('size') ?? ''), ranges, rest: 'none' }
  }
  if (text('offset') !== null || text('major') !== null) {
    throw archiveError('sparse', 'a sparse file is of a format other than GNU, PAX 0.1 and PAX 1.0')
  }
  return null
}

/** Reads the map before the content of PAX 1.0: numbers in lines, in whole blocks. Returns its ranges and its bytes. */
export function readMap(takeBlock: () => Buffer): { ranges: FileRange[]; bytes: number } {
  let text = ''
  let bytes = 0
  let count: number | null = null
  const numbers: number[] = []
  while (count === null || numbers.length < 2 * count) {
    text += takeBlock().toString('latin1')
    bytes += TAR_BLOCK
    const lines = text.split('\n')
    text = lines.pop() ?? ''
    if (text.length >= TAR_BLOCK) throw archiveError('sparse', 'the map of a sparse file has no lines')
    for (const line of lines) {
      if (count !== null && numbers.length === 2 * count) break
      if (count !== null) numbers.push(wholeNumber(line))
      else if ((count = wholeNumber(line)) > MOST_RANGES)
        throw archiveError('sparse', `a sparse file has ${count} ranges`)
    }
  }
  return { ranges: pairsOf(numbers), bytes }
}

function pairsOf(numbers: readonly number[]): FileRange[] {
  if (numbers.length % 2 !== 0) throw archiveError('sparse', 'the map of a sparse file has half a range')
  return Array.from({ length: numbers.length / 2 }, (_, index) => ({
    offset: numbers[2 * index] as number,
    length: numbers[2 * index + 1] as number,
  }))
}

function wholeNumber(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw archiveError(
    'sparse',
    `the map of a sparse file has a broken number: ${JSON.stringify(text.slice(0, 40))}`,
  )
}

/** Throws `archive.sparse` unless the ranges follow each other within the file, and are as many bytes as the archive has. */
export function requireRanges(ranges: readonly FileRange[], size: number, stored: number): void {
  if (ranges.length > MOST_RANGES) throw archiveError('sparse', `a sparse file has ${ranges.length} ranges`)
  let at = 0
  let bytes = 0
  for (const { offset, length } of ranges) {
    if (offset < at) throw archiveError('sparse', 'the ranges of a sparse file lie over each other')
    at = offset + length
    bytes += length
  }
  if (at > size) throw archiveError('sparse', 'a range of a sparse file lies beyond its end')
  if (bytes !== stored)
    throw archiveError('sparse', `a sparse file has ${stored} bytes, and ranges of ${bytes}`)
}
