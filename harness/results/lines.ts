import { closeSync, readSync } from 'node:fs'
import { formatSize } from '../contracts/units.ts'
import { openInputFile } from '../linux/input-file.ts'

/** Bytes read at once. */
const CHUNK = 1 << 20
const NEWLINE = 0x0a
/** Bytes of the longest line: three times a sample's with the most values that a scenario may be asked for. */
const MOST_LINE = 32 * 1024 ** 2

/**
 * Yields the lines of a file that end in a newline, one after the other; what follows the last newline is left out, and
 * true is returned where there is something. Holds a chunk of the file, or its longest line, and never the whole. Throws
 * what {@link openInputFile} throws, what read(2) throws, and for a line that is too long.
 */
export function* completeLines(path: string): Generator<string, boolean> {
  const fd = openInputFile(path)
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
      if (kept > MOST_LINE) throw new Error(`has a line of more than ${formatSize(MOST_LINE)}`)
      if (kept === buffer.length) buffer = Buffer.concat([buffer], 2 * buffer.length)
    }
  } finally {
    closeSync(fd)
  }
}
