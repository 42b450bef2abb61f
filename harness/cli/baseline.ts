/** Runs that others are compared with. */
import type { CompareRules } from '../contracts/compare.ts'
import { BenchError } from '../contracts/error.ts'
import { readAccepted } from '../results/accepted.ts'
import { type FoundRun, goodRunsBefore } from '../results/history.ts'
import { readRun } from '../results/run-folder.ts'
import type { Context } from './context.ts'

/** Reads the run of a folder. Throws a usage error as {@link readRun} does. */
export function openRun(folder: string): FoundRun {
  return { folder, ...readRun(folder), accepted: readAccepted(folder) }
}

/** Returns the last good run before the candidate whose samples suffice to judge another one by; null without any. */
export async function baselineOf(
  candidate: FoundRun,
  history: string,
  across: readonly string[],
  context: Context,
): Promise<FoundRun | null> {
  for (const found of goodRunsBefore(history, candidate.run, across)) {
    if (await suffices(found, context)) return found
  }
  return null
}

/** Tells whether a run can be a baseline; false where its samples cannot be read. */
async function suffices(run: FoundRun, context: Context): Promise<boolean> {
  try {
    return (await lackOf(run, context)).length === 0
  } catch (error) {
    if (error instanceof BenchError) return false
    throw error
  }
}

/** Rules under which a cell is undecided only where it lacks samples. */
const ANY: CompareRules = { thresholds: { threshold: Infinity }, across: [] }

/** Returns what a run lacks to be a baseline: what could not even be judged if the other run were just the same. */
export async function lackOf(run: FoundRun, context: Context): Promise<readonly string[]> {
  return (await context.compare(run, run, ANY)).undecided
}
