/** Reads a tar archive entry by entry, from a file or from memory, in this process. */
import { closeSync, openSync, readSync } from 'node:fs'
import { archiveError, decodeHeader, decodeRecords, paddingOf, TAR_BLOCK, type TarEntry } from './header.ts'

/** Bytes read at a time. */
const PIECE = 1024 ** 2
/** Bytes of an extended header at most: all attributes of a file, of 64 KiB each, are less. */
const MOST_RECORDS = 16 * 1024 ** 2

/** Content of the current entry: calls `take` with piece after piece, which it must use before it returns. */
export type Content = (take: (piece: Buffer) => void) => void

/** Visits every entry. Content that is not read is passed over. Throws `archive.*` where it is no archive. */
export function readArchive(
  archive: string | Buffer,
  visit: (entry: TarEntry, content: Content) => void,
): void {
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
    }
  }

  return {
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

function readEntries(source: Source, visit: (entry: TarEntry, content: Content) => void): void {
  const global = new Map<string, Buffer>()
  let records = new Map<string, Buffer>()
  for (;;) {
    const block = source.take(TAR_BLOCK)
    if (block === null || block.every((byte) => byte === 0)) return
    const decoded = decodeHeader(block, new Map([...global, ...records]))
    if (decoded.kind === 'entry') {
      passEntry(source, decoded.entry, visit)
      records = new Map()
      continue
    }
    if (decoded.size > MOST_RECORDS)
      throw archiveError('record', `an extended header has ${decoded.size} bytes`)
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
  entry: TarEntry,
  visit: (entry: TarEntry, content: Content) => void,
): void {
  let read = false
  visit(entry, (take) => {
    read = true
    source.pass(entry.size, take)
  })
  if (!read) source.pass(entry.size, () => undefined)
  source.pass(paddingOf(entry.size), () => undefined)
}
