/** Seeded content on its way to a file, and into a hash. */
import { createHash } from 'node:crypto'
import { closeSync, fchmodSync, openSync, writeSync } from 'node:fs'
import { openContent, type ContentKey } from './content.ts'

/** Large files are written in pieces of this size, from one buffer. */
const PIECE = 2 * 1024 * 1024

let shared: Buffer | undefined

/** One buffer for all files: everything here is synchronous. */
function pieceBuffer(): Buffer {
  shared ??= Buffer.allocUnsafeSlow(PIECE)
  return shared
}

/** Changes a piece of a file, which begins at `offset`, in place. */
export type Change = (piece: Buffer, offset: number) => void

/** Creates a file of `size` bytes and returns their SHA-256, calculated on the way. Throws where one exists. */
export function writeContent(path: string, content: ContentKey, size: number, mode: number): string {
  const fd = openSync(path, 'wx', mode)
  try {
    // The umask may have taken from it.
    fchmodSync(fd, mode)
    return eachPiece(content, size, (piece) => writeAll(fd, piece))
  } finally {
    closeSync(fd)
  }
}

/** SHA-256 of a file's first `size` bytes after `change`, which is called for every piece of it in order. */
export function contentDigest(content: ContentKey, size: number, change: Change = () => undefined): string {
  return eachPiece(content, size, change)
}

function eachPiece(content: ContentKey, size: number, visit: Change): string {
  const hash = createHash('sha256')
  const read = openContent(content)
  const buffer = pieceBuffer()
  for (let offset = 0; offset < size; offset += PIECE) {
    const piece = buffer.subarray(0, Math.min(PIECE, size - offset))
    read(piece, offset)
    visit(piece, offset)
    hash.update(piece)
  }
  return hash.digest('hex')
}

/** write(2) may take less than it was given. */
function writeAll(fd: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length;) {
    written += writeSync(fd, bytes, written, bytes.length - written)
  }
}
