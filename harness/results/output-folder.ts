/** New folders in the output that a person named. */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf, usageError } from '../contracts/error.ts'
import { makeFolders } from '../linux/make-folders.ts'

/**
 * Makes the folder `id` in `output` and fills it; returns what `fill` returns. Throws a usage error where that fails, whatever
 * the reason: nothing has begun yet, and another output would do. Nothing is left of the folder then. `what`: `a run folder`.
 */
export function createInOutput<T>(
  output: string,
  id: string,
  what: string,
  fill: (folder: string) => T,
): { folder: string; filled: T } {
  const folder = join(output, id)
  let made = false
  try {
    makeFolders(output)
    mkdirSync(folder)
    made = true
    return { folder, filled: fill(folder) }
  } catch (error) {
    if (made) rmSync(folder, { recursive: true, force: true })
    throw usageError(
      'output',
      `no ${what} can be made in ${output}: ${messageOf(error)}`,
      'give a folder that can be written: --output DIR',
    )
  }
}
