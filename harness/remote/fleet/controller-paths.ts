/** Paths of the files that a controller keeps. */
import { join } from 'node:path'
import { cacheDirectory, configDirectory, stateDirectory } from '../../linux/xdg.ts'

/** Returns the inventory that `bench host add` writes. */
export function ownInventory(): string {
  return join(configDirectory(), 'hosts.yml')
}

/** Returns the inventory of the lab's machines, which `bench lab` writes. */
export function labInventory(): string {
  return join(stateDirectory(), 'lab', 'hosts.yml')
}

/** Returns the folder of the bundles that hosts get. */
export function bundleCache(): string {
  return join(cacheDirectory(), 'bundle')
}
