/** Run folders below the folders that a person named. */
import { existsSync, readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { messageOf, usageError } from '../contracts/error.ts'
import { HOSTS_FOLDER } from '../contracts/fleet.ts'
import { RUN_FILE } from './run-folder.ts'

export interface RunPlace {
  folder: string
  /** Name of the host in the fleet that the run is a part of; null for a run by itself. */
  hostName: string | null
}

/**
 * Returns the run folders in these folders: the folder itself, those in it, and those of the hosts of fleets in it. Follows no
 * links, so that `last` is not counted twice. Throws a usage error for a folder that cannot be read.
 */
export function findRuns(directories: readonly string[]): RunPlace[] {
  const folders = directories.flatMap((directory) => (isRun(directory) ? [directory] : runsIn(directory)))
  return [...new Set(folders)].map((folder) => ({ folder, hostName: hostNameOf(folder) }))
}

function runsIn(directory: string): string[] {
  const children = foldersIn(directory)
  const hosts = children.map((child) => join(child, HOSTS_FOLDER)).filter((folder) => existsSync(folder))
  const own = existsSync(join(directory, HOSTS_FOLDER)) ? [join(directory, HOSTS_FOLDER)] : []
  return [...children, ...[...own, ...hosts].flatMap((folder) => foldersIn(folder))].filter(isRun)
}

function isRun(folder: string): boolean {
  return existsSync(join(folder, RUN_FILE))
}

/** Returns the folders that lie in `directory`. Throws a usage error, which begins with `flag`, where it cannot be read. */
export function foldersIn(directory: string, flag = ''): string[] {
  try {
    return readdirSync(directory, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => join(directory, name))
  } catch (error) {
    throw usageError(
      'history',
      `${flag}${directory} cannot be read: ${messageOf(error)}`,
      'give the folder that holds the run folders, as --output of bench run does',
    )
  }
}

function hostNameOf(folder: string): string | null {
  return basename(dirname(folder)) === HOSTS_FOLDER ? basename(folder) : null
}
