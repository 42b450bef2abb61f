/** Lines of a file that may still grow: only what ends in a newline is a line. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { errnoOf } from '../contracts/syscalls.ts'
import { formatSize } from '../contracts/units.ts'
import { openInputFile } from './input-file.ts'

/** Bytes read at once: what one event to a follower carries, unless a line is longer. */
const PIECE = 1 << 16
/** Bytes read at once where the whole file is read. */
const CHUNK = 1 << 20
const NEWLINE = 0x0a

export interface LinesAt {
  /** The byte of the file at which they begin. */
  offset: number
  /** One or more lines, each with its newline. */
  text: string
}

/**
 * Yields the whole lines of a file from byte `from` on, in pieces of `piece` bytes or one line; what follows the last newline is
 * left for later. A file that is not there yet has none.
 */
export function* wholeLines(path: string, from: number, piece: number = PIECE): Generator<LinesAt> {
  const fd = openIfThere(path)
  if (fd === null) return
  try {
    yield* pieces(fd, from, piece)
  } finally {
    closeSync(fd)
  }
}

/**
 * Yields the lines of a file one after the other, without their newlines; what follows the last newline is left out, and true is
 * returned where there is something. The file is given by its path, or by its descriptor, which stays open. Holds a chunk of the file, or its longest line, and never the whole. Throws what
 * {@link openInputFile} throws, what read(2) throws, and for a line of more than `longest` bytes.
 */
export function* completeLines(file: string | number, longest: number): Generator<string, boolean> {
  const fd = typeof file === 'number' ? file : openInputFile(file)
  try {
    const read = pieces(fd, 0, CHUNK, longest)
    for (;;) {
      const { done, value } = read.next()
      if (done) return value < fstatSync(fd).size
      yield* value.text.slice(0, -1).split('\n')
    }
  } finally {
    if (typeof file !== 'number') closeSync(fd)
  }
}

/** Returns the byte after the last newline. */
function* pieces(fd: number, from: number, piece: number, longest = Infinity): Generator<LinesAt, number> {
  let offset = from
  let size = piece
  while (offset < fstatSync(fd).size) {
    const buffer = Buffer.allocUnsafe(size)
    const count = readSync(fd, buffer, 0, size, offset)
    // A newline is never a byte of another character in UTF-8, so cutting after one tears none.
    const end = count === 0 ? 0 : buffer.lastIndexOf(NEWLINE, count - 1) + 1
    if (end > 0) {
      yield { offset, text: buffer.toString('utf8', 0, end) }
      offset += end
      size = piece
    } else if (count > longest) throw new Error(`has a line of more than ${formatSize(longest)}`)
    else if (count < size) break
    else size *= 2
  }
  return offset
}

function openIfThere(path: string): number | null {
  try {
    return openSync(path, 'r')
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null
    throw error
  }
}
