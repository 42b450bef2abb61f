import { lstatSync } from 'node:fs'
import { errnoOf } from '../../harness/contracts/syscalls.ts'

/** Returns whether there is something at this path; a file in the place of one of its folders means that there is not. */
export function exists(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined
  } catch (error) {
    if (errnoOf(error) === 'ENOTDIR') return false
    throw error
  }
}
