import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { GATE_FILE, gateSchema, type Gate } from '../contracts/compare.ts'
import { messageOf, usageError } from '../contracts/error.ts'
import { readInputFile } from '../linux/input-file.ts'

/** Bytes of the largest gate.json that is read: a sentence for each of thousands of cells. */
const MOST_GATE_BYTES = 4 * 1024 ** 2

/** Returns the outcome of the gate beside run.json; null where no gate has judged the run. Throws a usage error where it cannot be read. */
export function readGate(folder: string): Gate | null {
  const path = join(folder, GATE_FILE)
  if (!existsSync(path)) return null
  try {
    return gateSchema.parse(JSON.parse(readInputFile(path, MOST_GATE_BYTES)))
  } catch (error) {
    const reason = messageOf(error).split('\n', 1)[0] ?? ''
    throw usageError(
      'gate',
      `${path} cannot be read: ${reason}`,
      'judge the run again: bench compare --fail-on-regression',
    )
  }
}
