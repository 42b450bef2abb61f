/** The folder in which a run has its mount points. */
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { BenchError, ExitCode } from '../contracts/error.ts'
import { onUserPath } from '../contracts/host-error.ts'
import type { Journal } from '../contracts/host.ts'
import { RUN_ID } from '../contracts/run-id.ts'
import { errnoOf } from '../contracts/syscalls.ts'
import { makeFolders } from '../linux/make-folders.ts'

/** On a short path: 120 lower directories have to fit one page of mount options. */
export const RUNTIME_DIRECTORY = '/run/bench'

/** Returns the path. It ends in the last four letters of the run's id, which other runs may have, too. */
export function runtimeDirectory(run: string): string {
  return join(RUNTIME_DIRECTORY, run.slice(-4))
}

/** Makes the folder, recorded before, with an empty file in it that says whose it is. Throws where another run has it. */
export function makeRuntimeDirectory(journal: Journal, directory: string, run: string): void {
  journal.record({ kind: 'directory', path: directory })
  makeFolders(directory, 0o700)
  const other = runsOf(directory).find((name) => name !== run)
  if (other !== undefined) {
    throw new BenchError(`run ${other} has the folder ${directory}`, {
      code: 'runner.directory',
      hint: 'start again: the next run gets another; bench clean removes what a killed run left',
      exitCode: ExitCode.hostNotReady,
    })
  }
  onUserPath(() => writeFileSync(join(directory, run), ''))
}

/** Removes the folder, in which nothing is mounted any longer. */
export function removeRuntimeDirectory(journal: Journal, directory: string): void {
  rmSync(directory, { recursive: true, force: true })
  journal.forget({ kind: 'directory', path: directory })
}

/** Returns the other run that has this run's folder, or null. */
export function otherRunIn(run: string): string | null {
  return runsOf(runtimeDirectory(run)).find((name) => name !== run) ?? null
}

function runsOf(directory: string): string[] {
  try {
    return onUserPath(() => readdirSync(directory)).filter((name) => RUN_ID.test(name))
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return []
    throw error
  }
}
