import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

/** Bytes read at once: what one event carries, unless a line is longer. */
const CHUNK = 1 << 16
const NEWLINE = 0x0a

export interface LinesAt {
  /** The byte of the file at which they begin. */
  offset: number
  /** One or more lines, each with its newline. */
  text: string
}

/**
 * The whole lines of a file from a byte on, in pieces; what follows the last newline is left for later. A file that is not
 * there yet has none. `chunk`: bytes of a piece.
 */
export function* wholeLines(path: string, from: number, chunk: number = CHUNK): Generator<LinesAt> {
  const fd = openIfThere(path)
  if (fd === null) return
  try {
    let offset = from
    let size = chunk
    while (offset < fstatSync(fd).size) {
      const buffer = Buffer.allocUnsafe(size)
      const count = readSync(fd, buffer, 0, size, offset)
      const end = buffer.lastIndexOf(NEWLINE, count - 1) + 1
      if (count > 0 && end > 0) {
        yield { offset, text: buffer.toString('utf8', 0, end) }
        offset += end
        size = chunk
      } else if (count < size) return
      else size *= 2
    }
  } finally {
    closeSync(fd)
  }
}

function openIfThere(path: string): number | null {
  try {
    return openSync(path, 'r')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}
