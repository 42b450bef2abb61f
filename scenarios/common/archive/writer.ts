/** Writes a tar archive: in pieces, with its digest, as an engine writes a layer into its content store. */
import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync, writeSync } from 'node:fs'
import { TAR_BLOCK } from './block.ts'
import { encodeHeader, paddingOf, type TarEntry } from './header.ts'

/** Bytes written at a time. */
const PIECE = 1024 ** 2

export interface ArchiveWriter {
  /** Adds an entry, and the content of the file `content`, whose size the entry has. */
  add(entry: TarEntry, content?: string): void
  /** Ends the archive. Returns its SHA-256, hexadecimal, and its bytes. */
  end(): { digest: string; bytes: number }
}

/** Creates the archive. Throws EEXIST where there is one. */
export function createArchive(path: string): ArchiveWriter {
  const fd = openSync(path, 'wx')
  const hash = createHash('sha256')
  const piece = Buffer.allocUnsafe(PIECE)
  let filled = 0
  let bytes = 0

  function flush(): void {
    const part = piece.subarray(0, filled)
    hash.update(part)
    for (let written = 0; written < filled;) written += writeSync(fd, part, written, filled - written)
    bytes += filled
    filled = 0
  }

  function room(): Buffer {
    if (filled === PIECE) flush()
    return piece.subarray(filled)
  }

  function put(data: Buffer): void {
    for (let at = 0; at < data.length;) {
      const length = data.copy(room(), 0, at)
      filled += length
      at += length
    }
  }

  /** Reads the file straight into the piece. */
  function putFile(file: string, size: number): void {
    const source = openSync(file, 'r')
    try {
      for (let left = size; left > 0;) {
        const target = room()
        const got = readSync(source, target, 0, Math.min(target.length, left), null)
        if (got === 0) throw new Error(`${file} became shorter while it was read`)
        filled += got
        left -= got
      }
    } finally {
      closeSync(source)
    }
    putZeros(paddingOf(size))
  }

  function putZeros(length: number): void {
    for (let left = length; left > 0;) {
      const target = room()
      const part = Math.min(target.length, left)
      target.fill(0, 0, part)
      filled += part
      left -= part
    }
  }

  return {
    add(entry, content) {
      put(encodeHeader(entry))
      if (content !== undefined && entry.size > 0) putFile(content, entry.size)
    },
    end() {
      putZeros(2 * TAR_BLOCK)
      flush()
      closeSync(fd)
      return { digest: hash.digest('hex'), bytes }
    },
  }
}
