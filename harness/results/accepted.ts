/** Runs whose known changes were accepted: each is a baseline, whatever its gate said. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ACCEPTED_FILE, acceptedSchema, type Accepted } from '../contracts/accepted.ts'
import { messageOf, usageError } from '../contracts/error.ts'
import { readInputFile } from '../linux/input-file.ts'
import { replaceFile } from '../linux/replace-file.ts'

/** Bytes of the largest accepted.json that is read: a reason is a few sentences. */
const MOST_BYTES = 1024 ** 2

/** Writes accepted.json, in place of an earlier one. Throws a usage error where the folder cannot be written. */
export function writeAccepted(folder: string, accepted: Accepted): void {
  try {
    replaceFile(join(folder, ACCEPTED_FILE), `${JSON.stringify(accepted, null, 2)}\n`)
  } catch (error) {
    throw usageError(
      'accept',
      `that the run is accepted cannot be recorded in ${folder}: ${messageOf(error)}`,
      'give a run folder that can be written',
    )
  }
}

/** Returns why and when a run was accepted; null where it was not. Throws a usage error where the file cannot be read. */
export function readAccepted(folder: string): Accepted | null {
  const path = join(folder, ACCEPTED_FILE)
  if (!existsSync(path)) return null
  try {
    return acceptedSchema.parse(JSON.parse(readInputFile(path, MOST_BYTES)))
  } catch (error) {
    const reason = messageOf(error).split('\n', 1)[0] ?? ''
    throw usageError(
      'accept',
      `${path} cannot be read: ${reason}`,
      'accept the run again, or delete the file',
    )
  }
}

/** Tells whether a run was accepted; what cannot be read accepts nothing. */
export function isAccepted(folder: string): boolean {
  try {
    return readAccepted(folder) !== null
  } catch {
    return false
  }
}
