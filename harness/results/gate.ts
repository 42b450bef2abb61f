/** What a gate leaves beside run.json, so that a run that failed is no baseline of a later one. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { GATE_FILE, gateSchema, type Gate } from '../contracts/compare.ts'
import { messageOf, usageError } from '../contracts/error.ts'
import { writeDurably } from './run-folder.ts'

/** Throws a usage error where the folder cannot be written. */
export function writeGate(folder: string, gate: Gate): void {
  try {
    writeDurably(join(folder, GATE_FILE), `${JSON.stringify(gate, null, 2)}\n`)
  } catch (error) {
    throw usageError(
      'gate',
      `the outcome cannot be recorded in ${folder}: ${messageOf(error)}`,
      'give a run folder that can be written, or leave out --fail-on-regression',
    )
  }
}

/** Whether a run must not be held up as good: its gate failed, or what its gate said cannot be read. */
export function hasFailedGate(folder: string): boolean {
  const path = join(folder, GATE_FILE)
  if (!existsSync(path)) return false
  try {
    return gateSchema.parse(JSON.parse(readFileSync(path, 'utf8'))).outcome === 'failed'
  } catch {
    return true
  }
}
