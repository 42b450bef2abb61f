/** Seeded content on its way to a file, and into a hash. */
import { createHash } from 'node:crypto'
import { closeSync, fchmodSync, openSync, writeSync } from 'node:fs'
import { openContent, type Content } from './content.ts'

/** Large files are written in pieces of this size, from one buffer. */
const PIECE = 2 * 1024 * 1024

let shared: Buffer | undefined

/** One buffer for all files: everything here is synchronous. */
function pieceBuffer(): Buffer {
  shared ??= Buffer.allocUnsafeSlow(PIECE)
  return shared
}

/** Changes a piece of a file, which begins at `offset`, in place. Pieces begin at block boundaries. */
export type Change = (piece: Buffer, offset: number) => void

/** The same file is written into the store of each configuration, and hashed for the first. */
const digests = new Map<string, string>()

/** Creates a file of `size` bytes and returns their SHA-256. Throws where one exists. */
export function writeContent(path: string, content: Content, size: number, mode: number): string {
  const fd = openSync(path, 'wx', mode)
  try {
    // The umask may have taken from it.
    fchmodSync(fd, mode)
    const key = JSON.stringify([content, size])
    const known = digests.get(key)
    const write = (piece: Buffer) => writeAll(fd, piece)
    if (known === undefined) digests.set(key, contentDigest(content, size, write))
    else eachPiece(content, size, write)
    return digests.get(key) as string
  } finally {
    closeSync(fd)
  }
}

/** SHA-256 of a file's first `size` bytes after `change`, which is called for every piece of it in order. */
export function contentDigest(content: Content, size: number, change: Change = () => undefined): string {
  const hash = createHash('sha256')
  eachPiece(content, size, (piece, offset) => {
    change(piece, offset)
    hash.update(piece)
  })
  return hash.digest('hex')
}

function eachPiece(content: Content, size: number, visit: Change): void {
  const read = openContent(content)
  const buffer = pieceBuffer()
  for (let offset = 0; offset < size; offset += PIECE) {
    const piece = buffer.subarray(0, Math.min(PIECE, size - offset))
    read(piece, offset)
    visit(piece, offset)
  }
}

/** write(2) may take less than it was given. */
function writeAll(fd: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length;) {
    written += writeSync(fd, bytes, written, bytes.length - written)
  }
}
