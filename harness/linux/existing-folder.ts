import { existsSync, realpathSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { onUserPath } from '../contracts/host-error.ts'

/**
 * Returns the nearest folder at or above `path` that is there, without symbolic links: what may still have to be made will lie on
 * the same disk.
 */
export function existingFolder(path: string): string {
  let folder = resolve(path)
  while (!existsSync(folder)) folder = dirname(folder)
  return onUserPath(() => realpathSync(folder))
}
