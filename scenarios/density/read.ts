/** Reads files as a program does that keeps them: each is opened, read to its end, and stays open. */
import { closeSync, openSync, readSync } from 'node:fs'

const CHUNK = 1024 ** 2
const buffer = Buffer.alloc(CHUNK)

/** Returns the descriptors, in the order of the paths; the caller closes them. */
export function readAll(paths: readonly string[]): number[] {
  const descriptors: number[] = []
  try {
    for (const path of paths) {
      const fd = openSync(path, 'r')
      descriptors.push(fd)
      while (readSync(fd, buffer, 0, CHUNK, null) > 0);
    }
    return descriptors
  } catch (error) {
    closeAll(descriptors)
    throw error
  }
}

export function closeAll(descriptors: Iterable<number>): void {
  for (const fd of descriptors) closeSync(fd)
}
