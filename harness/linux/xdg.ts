/** Folders of this program: XDG Base Directory Specification, with `bench` below each folder. */
import { homedir } from 'node:os'
import { join } from 'node:path'

function below(base: string | undefined, ...fallback: readonly string[]): string {
  return join(base === undefined || base === '' ? join(homedir(), ...fallback) : base, 'bench')
}

/** Returns the folder for state. `home`: instead of XDG_STATE_HOME. */
export function stateDirectory(home = process.env['XDG_STATE_HOME']): string {
  return below(home, '.local', 'state')
}

/** Returns the folder of loop files where a request names no other. */
export function scratchDirectory(state = stateDirectory()): string {
  return join(state, 'scratch')
}

/** Returns the folder of the journals of runs. */
export function journalDirectory(): string {
  return join(stateDirectory(), 'journal')
}

export function configDirectory(): string {
  return below(process.env['XDG_CONFIG_HOME'], '.config')
}

/** Returns the folder for what can be made again. */
export function cacheDirectory(): string {
  return below(process.env['XDG_CACHE_HOME'], '.cache')
}
