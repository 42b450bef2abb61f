import { messageOf, usageError } from '../contracts/error.ts'
import { writeNamedFile } from '../linux/named-file.ts'

/** Writes to the file of `--output`. Throws a usage error where that fails. */
export function writeOutput(path: string, text: string): void {
  try {
    writeNamedFile(path, text)
  } catch (error) {
    throw usageError(
      'output',
      `--output ${path}: ${messageOf(error)}`,
      'give a file in a folder that can be written',
    )
  }
}
