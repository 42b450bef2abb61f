import { closeSync, openSync, readSync } from 'node:fs'

/** Bytes read at once. */
const CHUNK = 1 << 20
const NEWLINE = 0x0a

/**
 * Yields the lines of a file that end in a newline, one after the other; what follows the last newline is left out, and
 * true is returned where there is something. Holds a chunk of the file, or its longest line, and never the whole. Throws
 * what open(2) and read(2) throw.
 */
export function* completeLines(path: string): Generator<string, boolean> {
  const fd = openSync(path, 'r')
  try {
    let buffer = Buffer.allocUnsafe(CHUNK)
    let kept = 0
    for (;;) {
      const count = readSync(fd, buffer, kept, buffer.length - kept, null)
      if (count === 0) return kept > 0
      const filled = kept + count
      // A newline is never a byte of another character in UTF-8, so cutting after one tears none.
      const end = buffer.lastIndexOf(NEWLINE, filled - 1) + 1
      if (end > 0) yield* buffer.toString('utf8', 0, end - 1).split('\n')
      buffer.copyWithin(0, end, filled)
      kept = filled - end
      if (kept === buffer.length) buffer = Buffer.concat([buffer], 2 * buffer.length)
    }
  } finally {
    closeSync(fd)
  }
}
