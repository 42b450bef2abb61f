/**
 * The cache: `$XDG_CACHE_HOME/bench/lab`. What lies in it under a name is finished and never changes; what is being
 * built has `.building` behind its name, and a lock that the kernel gives back when the builder dies.
 */
import { closeSync, existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Host } from '../../contracts/host.ts'
import { takeLock } from '../../linux/lock.ts'
import { makeFolders } from '../../linux/make-folders.ts'
import { until } from '../../linux/until.ts'
import { cacheDirectory } from '../../linux/xdg.ts'

const BUILDING = '.building'
const LOOK_AGAIN_MILLISECONDS = 500

/** Has to hold the unpacked roots of builds, so it is not below /tmp. */
export function labCache(): string {
  return join(cacheDirectory(), 'lab')
}

export interface Store {
  folder: string
  /**
   * The folder of that name, built by `build` in a folder that gets the name when it is whole and on the disk. Waits for
   * another process that builds the same, and takes what that has built. What a failed build left is removed.
   */
  put(name: string, build: (folder: string) => Promise<void>): Promise<string>
}

/** Returns the folder of that name, or null where it was not built yet. */
export function findInStore(folder: string, name: string): string | null {
  const path = join(folder, name)
  return existsSync(path) ? path : null
}

/** Calls `onWait` once when a build must wait for another. */
export function openStore(host: Pick<Host, 'run'>, folder: string, onWait: () => void): Store {
  return {
    folder,
    async put(name, build) {
      makeFolders(join(folder, 'locks'))
      const lock = await waitForLock(lockOf(folder, name), onWait)
      try {
        const path = join(folder, name)
        await removeKilledBuilds(folder, name)
        if (!existsSync(path)) await buildWhole(host, path, build)
        return path
      } finally {
        closeSync(lock)
      }
    },
  }
}

async function buildWhole(
  host: Pick<Host, 'run'>,
  path: string,
  build: (folder: string) => Promise<void>,
): Promise<void> {
  const building = `${path}${BUILDING}`
  await mkdir(building)
  try {
    await build(building)
    await host.run('sync', ['--file-system', building])
    await rename(building, path)
  } catch (error) {
    await rm(building, { recursive: true, force: true })
    throw error
  }
}

/**
 * Removes the folder of that name. Returns false, and leaves it, while another process has its lock. One who is killed at
 * it leaves what looks like a killed build, and so goes with the next.
 */
export async function removeFromStore(folder: string, name: string): Promise<boolean> {
  makeFolders(join(folder, 'locks'))
  const lock = takeLock(lockOf(folder, name))
  if (lock === null) return false
  try {
    const leaving = join(folder, `${name}${BUILDING}`)
    await rm(leaving, { recursive: true, force: true })
    await rename(join(folder, name), leaving)
    await rm(leaving, { recursive: true })
    return true
  } finally {
    closeSync(lock)
  }
}

const lockOf = (folder: string, name: string): string => join(folder, 'locks', name)

async function waitForLock(file: string, onWait: () => void): Promise<number> {
  const lock = takeLock(file)
  if (lock !== null) return lock
  onWait()
  return until(() => takeLock(file), { every: LOOK_AGAIN_MILLISECONDS })
}

/** Nobody holds their locks, unless it is this process, for the name that it is about to build. */
export async function removeKilledBuilds(folder: string, held: string | null = null): Promise<void> {
  for (const entry of await readdir(folder)) {
    if (!entry.endsWith(BUILDING)) continue
    const name = entry.slice(0, -BUILDING.length)
    const lock = name === held ? null : takeLock(lockOf(folder, name))
    if (name !== held && lock === null) continue
    await rm(join(folder, entry), { recursive: true })
    if (lock !== null) closeSync(lock)
  }
}
