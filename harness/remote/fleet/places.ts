/** Where the files of a controller lie: XDG Base Directory Specification, and `bench` below each. */
import { homedir } from 'node:os'
import { join } from 'node:path'

function below(variable: string, ...fallback: readonly string[]): string {
  const base = process.env[variable]
  return join(base === undefined || base === '' ? join(homedir(), ...fallback) : base, 'bench')
}

/** The inventory that `bench host add` writes. */
export function ownInventory(): string {
  return join(below('XDG_CONFIG_HOME', '.config'), 'hosts.yml')
}

/** The inventory of the lab's machines, which `bench lab` writes. */
export function labInventory(): string {
  return join(below('XDG_STATE_HOME', '.local', 'state'), 'lab', 'hosts.yml')
}

export function bundleCache(): string {
  return join(below('XDG_CACHE_HOME', '.cache'), 'bundle')
}
