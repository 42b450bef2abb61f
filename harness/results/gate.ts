/** Outcome of a gate, kept beside run.json, so that a run that did not pass never becomes a baseline. */
import { join } from 'node:path'
import { GATE_FILE, type Gate } from '../contracts/compare.ts'
import { messageOf, usageError } from '../contracts/error.ts'
import { replaceFile } from '../linux/replace-file.ts'
import { isAccepted } from './accepted.ts'
import { readGate } from './read-gate.ts'

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
  try {
    const outcome = readGate(folder)?.outcome
    return outcome === 'failed' || outcome === 'undecided'
  } catch {
    return true
  }
}
