/** Compares files with the seed that their bytes come from, piece by piece: a third of the work of hashing them. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import type { FileRange } from '../../harness/contracts/scenario.ts'
import { BLOCK, openContent, type Content } from './content.ts'
import type { Change } from './files.ts'

/** Compared at a time. A whole number of blocks. */
const PIECE = 1024 ** 2

/** Expected content of a file. */
export interface Expected {
  content: Content
  /** Bytes. */
  size: number
  /** Makes of the seed's bytes those that it must hold. */
  change?: Change
}

/**
 * The first byte at which a file is not what it must be, by its offset, or null. Of the parts only, each of which begins
 * at a block; the length of the file is always looked at, and one that ends too early or too late differs where the
 * shorter one ends.
 */
export function firstDifference(
  path: string,
  { content, size, change = () => undefined }: Expected,
  parts: readonly FileRange[] = [{ offset: 0, length: size }],
): number | null {
  const original = openContent(content)
  const expected = Buffer.allocUnsafe(PIECE)
  return whileOpen(path, (fd) => {
    const { size: length } = fstatSync(fd)
    if (length !== size) return Math.min(length, size)
    for (const { seen, offset } of piecesOf(fd, parts, size)) {
      const wanted = expected.subarray(0, seen.length)
      original(wanted, offset)
      change(wanted, offset)
      if (!seen.equals(wanted)) return offset + seen.findIndex((byte, at) => byte !== wanted[at])
    }
    return null
  })
}

/**
 * The offsets of a file's blocks that are no longer the seed's, or no longer there, in order. Of the parts only, each of which
 * begins at a block. `visit` is shown every piece of them.
 */
export function changedBlocks(
  path: string,
  { content, size }: Omit<Expected, 'change'>,
  visit: (piece: Buffer) => void,
  parts: readonly FileRange[] = [{ offset: 0, length: size }],
): number[] {
  const original = openContent(content)
  const expected = Buffer.allocUnsafe(PIECE)
  const changed: number[] = []
  whileOpen(path, (fd) => {
    for (const { seen, offset, length } of piecesOf(fd, parts, size)) {
      visit(seen)
      const wanted = expected.subarray(0, length)
      original(wanted, offset)
      if (seen.equals(wanted)) continue
      for (let at = 0; at < length; at += BLOCK) {
        const end = at + BLOCK
        if (!seen.subarray(at, end).equals(wanted.subarray(at, end))) changed.push(offset + at)
      }
    }
  })
  return changed
}

interface Piece {
  /** Bytes read, as many as the file has; overwritten when the next piece is read. */
  seen: Buffer
  offset: number
  /** Bytes of the piece in a file of the expected size. */
  length: number
}

function* piecesOf(fd: number, parts: readonly FileRange[], size: number): Generator<Piece> {
  const buffer = Buffer.allocUnsafe(PIECE)
  for (const part of parts) {
    const end = Math.min(part.offset + part.length, size)
    for (let { offset } = part; offset < end; offset += PIECE) {
      const length = Math.min(PIECE, end - offset)
      yield { seen: readFully(fd, buffer.subarray(0, length), offset), offset, length }
    }
  }
}

/** read(2) may give less than asked for. */
function readFully(fd: number, target: Buffer, offset: number): Buffer {
  let length = 0
  while (length < target.length) {
    const got = readSync(fd, target, length, target.length - length, offset + length)
    if (got === 0) break
    length += got
  }
  return target.subarray(0, length)
}

function whileOpen<T>(path: string, look: (fd: number) => T): T {
  const fd = openSync(path, 'r')
  try {
    return look(fd)
  } finally {
    closeSync(fd)
  }
}
