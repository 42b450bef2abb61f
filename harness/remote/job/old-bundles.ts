import { existsSync, readdirSync, realpathSync, rmSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'

/** Number of bundles kept besides the one in use: going back one version then needs no upload. */
const KEPT = 2

/**
 * Removes bundles that were unpacked before the last two. Call it with the host's lock: no run is then carried out by
 * another bundle. `own`: the one that this program is of.
 */
export function removeOldBundles(directory: string, own: string): void {
  const folder = join(directory, 'bundle')
  if (!existsSync(folder)) return
  const current = join(folder, 'current')
  const spared = new Set([own, existsSync(current) ? basename(realpathSync(current)) : own])
  readdirSync(folder, { withFileTypes: true })
    // One that begins with a dot is just being unpacked.
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => ({ name, at: statSync(join(folder, name)).mtimeMs }))
    .toSorted((a, b) => b.at - a.at)
    .slice(KEPT)
    .filter(({ name }) => !spared.has(name))
    .forEach(({ name }) => rmSync(join(folder, name), { recursive: true }))
}
