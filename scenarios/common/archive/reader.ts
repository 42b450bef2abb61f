/** Reads a tar archive entry by entry, from a file or from memory, in this process. */
import { closeSync, openSync, readSync } from 'node:fs'
import type { FileRange } from '../../../harness/contracts/scenario.ts'
import { archiveError, TAR_BLOCK } from './block.ts'
import { decodeHeader, type Decoded, decodeRecords, paddingOf, type TarEntry } from './header.ts'
import { decodeExtension, readMap, requireRanges, type Sparse } from './sparse.ts'

/** Bytes read at a time. */
const PIECE = 1024 ** 2
/** Bytes of an entry's extended headers at most: all attributes of a file, of 64 KiB each, are less. */
const MOST_RECORDS = 16 * 1024 ** 2

/** Content of the current entry: calls `take` with piece after piece, which it must use before it returns. */
export type Content = (take: (piece: Buffer) => void) => void

/** `at`: where the content begins in the archive, bytes; null where it does not lie there as one piece, since it has holes. */
export type Visit = (entry: TarEntry, content: Content, at: number | null) => void

/** Visits every entry. Content that is not read is passed over. Throws `archive.*` where it is no archive. */
export function readArchive(archive: string | Buffer, visit: Visit): void {
  if (typeof archive !== 'string') {
    readEntries(sourceOf(archive), visit)
    return
  }
  const fd = openSync(archive, 'r')
  try {
    readEntries(openFile(fd), visit)
  } finally {
    closeSync(fd)
  }
}

interface Source {
  /** Bytes that have been taken or passed. */
  position(): number
  /** Returns the next bytes, as many as asked for; null: the file has ended. */
  take(length: number): Buffer | null
  /** Hands out the next bytes in pieces. */
  pass(length: number, take: (piece: Buffer) => void): void
}

function openFile(fd: number): Source {
  const piece = Buffer.allocUnsafe(PIECE)
  return sourceOf(piece.subarray(0, 0), () => piece.subarray(0, readSync(fd, piece, 0, PIECE, null)))
}

/** `more`: returns the next piece when one is used up, empty at the end. */
function sourceOf(first: Buffer, more: () => Buffer = () => first.subarray(0, 0)): Source {
  let piece = first
  let position = 0

  /** Returns bytes that are there, at least one; null: the archive has ended. */
  function some(): Buffer | null {
    if (piece.length === 0) piece = more()
    return piece.length === 0 ? null : piece
  }

  function pass(length: number, take: (part: Buffer) => void): void {
    for (let left = length; left > 0;) {
      const there = some()
      if (there === null) throw archiveError('short', 'the archive ends within an entry')
      const part = there.subarray(0, left)
      take(part)
      piece = there.subarray(part.length)
      left -= part.length
      position += part.length
    }
  }

  return {
    position: () => position,
    pass,
    take(length) {
      if (some() === null) return null
      const taken = Buffer.alloc(length)
      let at = 0
      pass(length, (part) => {
        at += part.copy(taken, at)
      })
      return taken
    },
  }
}

function readEntries(source: Source, visit: Visit): void {
  const global = new Map<string, Buffer>()
  let records = new Map<string, Buffer>()
  let recordBytes = 0
  for (;;) {
    const block = source.take(TAR_BLOCK)
    if (block === null || block.equals(NO_BLOCK)) return
    const decoded = decodeHeader(block, new Map([...global, ...records]))
    if (decoded.kind === 'entry') {
      passEntry(source, decoded, visit)
      records = new Map()
      recordBytes = 0
      continue
    }
    recordBytes += decoded.size
    if (recordBytes > MOST_RECORDS)
      throw archiveError('record', `the extended headers of an entry have ${recordBytes} bytes`)
    const content = source.take(decoded.size) ?? Buffer.alloc(0)
    source.pass(paddingOf(decoded.size), () => undefined)
    if (decoded.kind === 'global') decodeRecords(content, global)
    else if (decoded.kind === 'records') decodeRecords(content, records)
    else records.set(decoded.kind === 'long-name' ? 'path' : 'linkpath', withoutZeros(content))
  }
}

/** GNU ends a long name with a zero. */
function withoutZeros(content: Buffer): Buffer {
  const end = content.indexOf(0)
  return end < 0 ? content : content.subarray(0, end)
}

function passEntry(
  source: Source,
  { entry, stored, sparse }: Extract<Decoded, { kind: 'entry' }>,
  visit: Visit,
): void {
  const { ranges, left } = rangesOf(source, sparse, stored)
  if (sparse !== null) requireRanges(ranges, entry.size, left)
  let read = false
  const content: Content = (take) => {
    read = true
    let at = 0
    for (const { offset, length } of ranges) {
      passZeros(offset - at, take)
      source.pass(length, take)
      at = offset + length
    }
    passZeros(entry.size - at, take)
  }
  visit(entry, content, sparse === null ? source.position() : null)
  if (!read) source.pass(left, () => undefined)
  source.pass(paddingOf(stored), () => undefined)
}

/** Returns the ranges of a file that the archive has, and the bytes of them that are still to be read. */
function rangesOf(
  source: Source,
  sparse: Sparse | null,
  stored: number,
): { ranges: readonly FileRange[]; left: number } {
  const takeBlock = () => {
    const block = source.take(TAR_BLOCK)
    if (block === null) throw archiveError('short', 'the archive ends within an entry')
    return block
  }
  if (sparse === null) return { ranges: [{ offset: 0, length: stored }], left: stored }
  if (sparse.rest === 'content') {
    const { ranges, bytes } = readMap(takeBlock)
    return { ranges, left: stored - bytes }
  }
  const ranges = [...sparse.ranges]
  for (let continues = sparse.rest === 'headers'; continues;) {
    const more = decodeExtension(takeBlock())
    ranges.push(...more.ranges)
    continues = more.continues
  }
  return { ranges, left: stored }
}

const ZEROS = Buffer.alloc(PIECE)
const NO_BLOCK = Buffer.alloc(TAR_BLOCK)

function passZeros(length: number, take: (piece: Buffer) => void): void {
  for (let left = length; left > 0; left -= ZEROS.length) take(ZEROS.subarray(0, left))
}
