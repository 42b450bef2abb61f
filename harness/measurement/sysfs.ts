import { readFileSync } from 'node:fs'
import { errnoOf } from '../contracts/syscalls.ts'

/** The text of an attribute below /sys; null where the device is gone or is not of the kind that has it. */
export function attribute(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trimEnd()
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null
    throw error
  }
}
