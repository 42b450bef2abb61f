/** Earlier runs of the same thing in the same place. */
import type { Accepted } from '../contracts/accepted.ts'
import { BenchError } from '../contracts/error.ts'
import { isSameHost } from '../contracts/fingerprint-facts.ts'
import { differingImages, type Run } from '../contracts/run.ts'
import { isAccepted, readAccepted } from './accepted.ts'
import { foldersIn } from './find-runs.ts'
import { isKeptOut } from './gate.ts'
import { readRun, type StoredRun } from './run-folder.ts'

export interface FoundRun extends StoredRun {
  folder: string
  accepted: Accepted | null
}

/**
 * Returns the runs in `directory` that `candidate` may be compared with, the newest first: begun before it, of the same
 * fingerprint but for the parts `across`, of the same cells and images, and good: it came to its end, every cell was measured or is not supported, nothing was
 * made slower on purpose, and its own gate, if any, passed. Whether its samples suffice for a judgement is left to the
 * caller. Skips folders without a run that this program reads. Throws a usage error where the directory cannot be read.
 */
export function goodRunsBefore(
  directory: string,
  candidate: Run,
  across: readonly string[] = [],
): FoundRun[] {
  const found = foldersIn(directory, '--history ')
    .flatMap((folder) => runIn(folder) ?? [])
    .filter(
      ({ run, folder }) => isBefore(run, candidate) && isSame(run, candidate, across) && isGood(run, folder),
    )
  return found.toSorted((a, b) => (a.run.startedAt < b.run.startedAt ? 1 : -1))
}

/** Returns null for a folder without a run, or with one of another schema. */
function runIn(folder: string): FoundRun | null {
  try {
    return { folder, ...readRun(folder), accepted: isAccepted(folder) ? readAccepted(folder) : null }
  } catch (error) {
    if (error instanceof BenchError) return null
    throw error
  }
}

function isBefore(run: Run, candidate: Run): boolean {
  return run.id !== candidate.id && run.startedAt < candidate.startedAt
}

function isSame(run: Run, candidate: Run, across: readonly string[]): boolean {
  const cells = new Set(run.cells.map(({ id }) => id))
  return (
    isSameHost(run.host, candidate.host, across) &&
    run.options.scratch.kind === candidate.options.scratch.kind &&
    run.cells.length === candidate.cells.length &&
    candidate.cells.every(({ id }) => cells.has(id)) &&
    differingImages(run, candidate).length === 0
  )
}

/** States of the cells of a good run. */
const ENDED_WELL: ReadonlySet<string | undefined> = new Set(['completed', 'unsupported'])

function isGood(run: Run, folder: string): boolean {
  return whyNoBaseline(run) === null && !isKeptOut(folder)
}

/** Returns why a run cannot be a baseline, whatever a gate says of it; null where it can. */
export function whyNoBaseline({ state, cells, outcomes, options }: Run): string | null {
  if (state !== 'completed') return `it is ${state}`
  const lost = cells.find(({ id }) => !ENDED_WELL.has(outcomes[id]?.state))
  if (lost !== undefined) return `the cell ${lost.id} was not measured to its end`
  if (Object.keys(options.injected).length > 0) return 'it was delayed on purpose'
  if (options.load !== 'none') return 'it was disturbed on purpose'
  return options.confirms === undefined ? null : `it measured cells of ${options.confirms} again`
}
