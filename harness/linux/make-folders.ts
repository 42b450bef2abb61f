import { onUserPath } from '../contracts/host-error.ts'
import { mkdirSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { errnoOf } from '../contracts/syscalls.ts'

/**
 * Makes a folder and those above it that are missing, at a path that a person chose. Throws what mkdir(2) throws.
 *
 * Node's own `mkdirSync` with `recursive` never returns below /proc: mkdir(2) answers ENOENT there though the folder above
 * exists, and Node takes that for a missing folder above, makes it, and tries again (src/node_file.cc, MKDirpSync).
 */
export function makeFolders(path: string, mode = 0o777): void {
  onUserPath(() => {
    const missing: string[] = []
    for (let at = resolve(path); kindOf(at) === null; at = dirname(at)) missing.push(at)
    // A file in its place: mkdir(2) says so.
    if (missing.length === 0 && kindOf(path) === 'other') mkdirSync(path, mode)
    for (const folder of missing.toReversed()) makeFolder(folder, mode)
  })
}

/** Another process may make it at the same time. */
function makeFolder(path: string, mode: number): void {
  try {
    mkdirSync(path, mode)
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST' || kindOf(path) !== 'folder') throw error
  }
}

function kindOf(path: string): 'folder' | 'other' | null {
  try {
    return statSync(path).isDirectory() ? 'folder' : 'other'
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return null
    throw error
  }
}
