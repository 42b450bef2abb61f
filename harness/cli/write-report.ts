/** Writes report.html, and says where that is not possible. */
import { join } from 'node:path'
import { BenchError, messageOf, usageError } from '../contracts/error.ts'
import type { Report } from '../contracts/report.ts'
import { errnoOf } from '../contracts/syscalls.ts'
import { replaceFile } from '../linux/replace-file.ts'
import { notWritten, REPORT_FILE } from '../results/run-folder.ts'
import type { Context } from './context.ts'

/** Errors of a folder that belongs to another user, or that nobody may write. */
const FOREIGN: ReadonlySet<string | null> = new Set(['EACCES', 'EPERM', 'EROFS'])

/** Writes to the folder that is reported: returns what `write` returns, or null where this user may not write there. */
export type Writing = <T>(write: () => T) => T | null

/**
 * Returns what writes to a folder that a person named. One that this user may read and not write can still be shown: that is said
 * once, and nothing more is written. Any other failure is a usage error.
 */
export function whereAllowed({ stderr }: Context): Writing {
  let isAllowed = true
  return (write) => {
    if (!isAllowed) return null
    try {
      return write()
    } catch (error) {
      if (!(error instanceof BenchError)) throw error
      if (!FOREIGN.has(errnoOf(error.cause)))
        throw usageError('output', error.message, 'free space there, or copy the folder to another place')
      isAllowed = false
      stderr.write(`bench: ${messageOf(error)}: it is shown here alone\n`)
      return null
    }
  }
}

/** Writes report.html, or the page of another name; returns its path. Throws a BenchError where it cannot be written. */
export function writeReport(folder: string, drawn: Pick<Report, 'html'>, name = REPORT_FILE): string {
  const path = join(folder, name)
  const page = drawn.html()
  try {
    replaceFile(path, page)
  } catch (error) {
    throw notWritten(path, error)
  }
  return path
}
