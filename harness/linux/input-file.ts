import { closeSync, constants, fstatSync, openSync, readSync, statSync, type Stats } from 'node:fs'
import { formatSize } from '../contracts/units.ts'

/** Bytes read at once. */
const CHUNK = 1 << 20

/**
 * Opens a regular file for reading; returns its descriptor. Nothing else is opened: a pipe would wait for a writer, and
 * opening a device may change it (a tape rewinds, a watchdog starts). Throws an error whose message says what is wrong
 * without naming the file, or what open(2) throws.
 */
export function openInputFile(path: string): number {
  requireRegular(statSync(path))
  // Another file may have come there since; O_NONBLOCK does not wait for the writer of a pipe.
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY)
  try {
    requireRegular(fstatSync(fd))
    return fd
  } catch (error) {
    closeSync(fd)
    throw error
  }
}

/**
 * Reads a text file that a person, another host or another program gave: a regular file of at most `limit` bytes. Files of
 * /proc say nothing of their size, so what is read is counted. Throws as {@link openInputFile} does.
 */
export function readInputFile(path: string, limit: number): string {
  const fd = openInputFile(path)
  try {
    if (fstatSync(fd).size > limit) throw tooLarge(limit)
    const chunks: Buffer[] = []
    for (let total = 0; ;) {
      const chunk = Buffer.allocUnsafe(Math.min(CHUNK, limit + 1 - total))
      const count = readSync(fd, chunk)
      if (count === 0) return Buffer.concat(chunks, total).toString('utf8')
      chunks.push(chunk.subarray(0, count))
      total += count
      if (total > limit) throw tooLarge(limit)
    }
  } finally {
    closeSync(fd)
  }
}

function tooLarge(limit: number): Error {
  return new Error(`is larger than ${formatSize(limit)}`)
}

function requireRegular(stat: Stats): void {
  if (stat.isFile()) return
  throw new Error(`is ${nameOfKind(stat)}, not a regular file`)
}

/** Names what a path leads to, with its article. */
export function nameOfKind(stat: Stats): string {
  if (stat.isDirectory()) return 'a folder'
  if (stat.isFIFO()) return 'a pipe'
  if (stat.isSocket()) return 'a socket'
  if (stat.isBlockDevice()) return 'a block device'
  if (stat.isCharacterDevice()) return 'a character device'
  return 'a file of another kind'
}
