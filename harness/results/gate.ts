/** Outcome of a gate, kept beside run.json, so that a run that did not pass never becomes a baseline. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { GATE_FILE, gateSchema, type Gate } from '../contracts/compare.ts'
import { messageOf, usageError } from '../contracts/error.ts'
import { readInputFile } from '../linux/input-file.ts'
import { replaceFile } from '../linux/replace-file.ts'
import { isAccepted } from './accepted.ts'

/** Bytes of the largest gate.json that is read: a sentence for each of thousands of cells. */
const MOST_GATE_BYTES = 4 * 1024 ** 2

/** Throws a usage error where the folder cannot be written. */
export function writeGate(folder: string, gate: Gate): void {
  try {
    replaceFile(join(folder, GATE_FILE), `${JSON.stringify(gate, null, 2)}\n`)
  } catch (error) {
    throw usageError(
      'gate',
      `the outcome cannot be recorded in ${folder}: ${messageOf(error)}`,
      'give a run folder that can be written, or leave out --fail-on-regression',
    )
  }
}

/**
 * Tells whether a run must not become a baseline: its gate failed or was undecided, or its outcome cannot be read, and nobody
 * accepted it.
 */
export function isKeptOut(folder: string): boolean {
  if (isAccepted(folder)) return false
  const path = join(folder, GATE_FILE)
  if (!existsSync(path)) return false
  try {
    const { outcome } = gateSchema.parse(JSON.parse(readInputFile(path, MOST_GATE_BYTES)))
    return outcome === 'failed' || outcome === 'undecided'
  } catch {
    return true
  }
}
