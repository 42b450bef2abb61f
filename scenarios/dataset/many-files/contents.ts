/** The bytes of many files of one size, by the file's number: one seeded stream, so that no file needs a key of its own. */
import { createHash } from 'node:crypto'
import { closeSync, fchmodSync, ftruncateSync, openSync, writeSync } from 'node:fs'
import type { FileRange } from '../../../harness/contracts/scenario.ts'
import { BLOCK, openContent, type ContentKey } from '../content.ts'

/** Bytes of a sparse file: a hole, and one block of data at its end. */
export const SPARSE_SIZE = 256 * 1024

/** Bytes read, hashed and written at a time. */
const PIECE = 1024 ** 2

/** Bytes of a file, or a file that is a hole but for its last block. */
export type FileSize = number | 'sparse'

/** The content of numbered files that are all of one size. */
export interface Contents {
  /** Bytes of each file. */
  readonly size: number
  /** Parts of each file that hold data, in order; the rest are holes. */
  readonly data: readonly FileRange[]
  /** Fills `target` with the bytes of a file from `offset` on. */
  read(index: number, target: Buffer, offset: number): void
  /** Returns the SHA-256 of a file, hexadecimal. */
  digest(index: number): string
}

/** Returns seeded content: every file has other bytes. */
export function seededContents(key: ContentKey, size: FileSize): Contents {
  return size === 'sparse' ? sparseContents(key) : denseContents(key, size)
}

function denseContents(key: ContentKey, size: number): Contents {
  const stream = openContent(key)
  const stride = Math.ceil(size / BLOCK) * BLOCK
  const buffer = Buffer.alloc(Math.min(size, PIECE))
  const read = (index: number, target: Buffer, offset: number) => stream(target, index * stride + offset)
  return {
    size,
    data: size === 0 ? [] : [{ offset: 0, length: size }],
    read,
    digest(index) {
      const hash = createHash('sha256')
      for (let offset = 0; offset < size; offset += PIECE) {
        const piece = buffer.subarray(0, Math.min(PIECE, size - offset))
        read(index, piece, offset)
        hash.update(piece)
      }
      return hash.digest('hex')
    },
  }
}

function sparseContents(key: ContentKey): Contents {
  const stream = openContent(key)
  const hole = SPARSE_SIZE - BLOCK
  const block = Buffer.alloc(BLOCK)
  const ofHole = createHash('sha256').update(Buffer.alloc(hole))
  return {
    size: SPARSE_SIZE,
    data: [{ offset: hole, length: BLOCK }],
    read(index, target, offset) {
      const zeros = Math.max(0, Math.min(target.length, hole - offset))
      target.fill(0, 0, zeros)
      if (zeros < target.length) stream(target.subarray(zeros), index * BLOCK + offset + zeros - hole)
    },
    digest(index) {
      stream(block, index * BLOCK)
      return ofHole.copy().update(block).digest('hex')
    },
  }
}

const shared = Buffer.allocUnsafeSlow(PIECE)

/** Creates a file and leaves its holes unwritten. Throws EEXIST where there is one. */
export function createFile(path: string, contents: Contents, index: number, mode: number): void {
  const fd = openSync(path, 'wx', mode)
  try {
    // The umask may have taken from it.
    fchmodSync(fd, mode)
    for (const { offset, length } of contents.data) {
      for (let at = 0; at < length; at += PIECE) {
        const piece = shared.subarray(0, Math.min(PIECE, length - at))
        contents.read(index, piece, offset + at)
        writeAll(fd, piece, offset + at)
      }
    }
    const end = contents.data.at(-1)
    if (end !== undefined && end.offset + end.length < contents.size) ftruncateSync(fd, contents.size)
  } finally {
    closeSync(fd)
  }
}

/** write(2) may take less than it was given. */
function writeAll(fd: number, bytes: Buffer, offset: number): void {
  for (let written = 0; written < bytes.length;) {
    written += writeSync(fd, bytes, written, bytes.length - written, offset + written)
  }
}
