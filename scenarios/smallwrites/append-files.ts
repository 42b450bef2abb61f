/** The work of append-many, in this process or in a worker. */
import { closeSync, constants, openSync, writeSync } from 'node:fs'

/** Opens each file, appends one byte, closes it. */
export function appendToAll(paths: readonly string[], bytes: Uint8Array): void {
  for (let index = 0; index < paths.length; index += 1) {
    const fd = openSync(paths[index] as string, constants.O_WRONLY | constants.O_APPEND)
    writeSync(fd, bytes, index, 1)
    closeSync(fd)
  }
}
