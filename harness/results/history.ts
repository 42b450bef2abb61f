/** Earlier runs of the same thing in the same place. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { BenchError, messageOf, usageError } from '../contracts/error.ts'
import type { Run } from '../contracts/run.ts'
import { hasFailedGate } from './gate.ts'
import { readRun, type StoredRun } from './run-folder.ts'

export interface FoundRun extends StoredRun {
  folder: string
}

/**
 * Returns the last run in `directory` that `candidate` can be compared with: begun before it, of the same fingerprint,
 * cells and images, and good: it came to its end, no cell failed, nothing was made slower on purpose, and no gate of its
 * own failed. Null where there is none. Folders that hold no run that this program reads are passed over. Throws a usage
 * error where the directory cannot be read.
 */
export function lastGoodRun(directory: string, candidate: Run): FoundRun | null {
  const found = foldersIn(directory)
    .flatMap((folder) => runIn(folder) ?? [])
    .filter(({ run, folder }) => isBefore(run, candidate) && isSame(run, candidate) && isGood(run, folder))
  return found.toSorted((a, b) => (a.run.startedAt < b.run.startedAt ? -1 : 1)).at(-1) ?? null
}

function foldersIn(directory: string): string[] {
  try {
    return readdirSync(directory, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => join(directory, name))
  } catch (error) {
    throw usageError(
      'history',
      `--history ${directory} cannot be read: ${messageOf(error)}`,
      'give the folder that holds the run folders, as --output of bench run does',
    )
  }
}

/** Null for a folder without a run, or with one of another schema. */
function runIn(folder: string): FoundRun | null {
  try {
    return { folder, ...readRun(folder) }
  } catch (error) {
    if (error instanceof BenchError) return null
    throw error
  }
}

function isBefore(run: Run, candidate: Run): boolean {
  return run.id !== candidate.id && run.startedAt < candidate.startedAt
}

function isSame(run: Run, candidate: Run): boolean {
  const cells = new Set(run.cells.map(({ id }) => id))
  return (
    run.host.hash === candidate.host.hash &&
    run.options.scratch.kind === candidate.options.scratch.kind &&
    run.cells.length === candidate.cells.length &&
    candidate.cells.every(({ id }) => cells.has(id)) &&
    Object.entries(candidate.images).every(
      ([id, { manifest }]) => (run.images[id]?.manifest ?? manifest) === manifest,
    )
  )
}

function isGood(run: Run, folder: string): boolean {
  const { injected, load } = run.options
  return (
    run.state === 'completed' &&
    Object.values(run.outcomes).every(({ state }) => state !== 'failed') &&
    Object.keys(injected).length === 0 &&
    load === 'none' &&
    !hasFailedGate(folder)
  )
}
