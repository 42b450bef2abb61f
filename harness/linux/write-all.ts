import { writeSync } from 'node:fs'
import { errnoOf } from '../contracts/syscalls.ts'

const MILLISECONDS_BETWEEN = 10

/**
 * Writes all of the content to a descriptor; waits for the reader of a pipe that is full. Throws what write(2) throws: a
 * part of the content may then be written.
 */
export function writeAll(fd: number, content: string | Uint8Array): void {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content
  for (let at = 0; at < bytes.length;) {
    try {
      // write(2) writes a part where the disk has no room for the whole, and fails only when it is called again.
      at += writeSync(fd, bytes, at)
    } catch (error) {
      if (errnoOf(error) !== 'EAGAIN') throw error
      // The reader is slower.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, MILLISECONDS_BETWEEN)
    }
  }
}
