import { closeSync, openSync, readSync } from 'node:fs'

const CHUNK = 1024 * 1024
const buffer = Buffer.alloc(CHUNK)

/** Reads a file from its beginning to its end. Returns how many bytes it has. */
export function readThrough(path: string): number {
  const fd = openSync(path, 'r')
  try {
    let total = 0
    for (;;) {
      const count = readSync(fd, buffer, 0, CHUNK, null)
      if (count === 0) return total
      total += count
    }
  } finally {
    closeSync(fd)
  }
}
