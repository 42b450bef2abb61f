/** `bench lab prune`: images that are in nobody's way but the disk's. */
import { readdirSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { BenchError, ExitCode } from '../contracts/error.ts'
import { onUserPath } from '../contracts/host-error.ts'
import { errnoOf } from '../contracts/syscalls.ts'
import type { LabFolders } from './folders.ts'
import { readImage } from './image/cached-image.ts'
import { imageName, readRecipe } from './image/recipe.ts'
import { findInStore, removeFromStore, removeKilledBuilds } from './image/store.ts'
import { FLAVOURS, type Flavour, type LabImage } from './image/types.ts'
import { howZfsIsBuilt } from './image/zfs.ts'
import { foldersWithProcesses } from './processes.ts'
import { listVms, readRecord } from './vm-record.ts'

/** Names of the cache that are to stay. */
export interface Kept {
  images: ReadonlySet<string>
  /** Modules of ZFS that were built this way; null: none. */
  zfs: string | null
}

export interface Pruned {
  name: string
  /** For a person. */
  what: string
  /** On the disk. */
  bytes: number
}

/** Returns the names in use by machines, including dead ones, and, unless `all`, those that current recipes produce. */
export async function whatIsKept(folders: LabFolders, cache: string, all: boolean): Promise<Kept> {
  const used = imagesInUse(folders, cache)
  if (all) return { images: used, zfs: null }
  const recipes = Object.keys(FLAVOURS).map((flavour) => readRecipe(flavour as Flavour))
  const [first] = recipes
  return {
    images: new Set([...used, ...recipes.map(imageName)]),
    zfs: first === undefined ? null : await howZfsIsBuilt(first),
  }
}

/** Returns what machines use of this cache: those of this lab, and all running ones, since another lab may share it. */
function imagesInUse(folders: LabFolders, cache: string): Set<string> {
  const listed = listVms(folders).map(({ record }) => record)
  const running = foldersWithProcesses().map(readRecord)
  const images = [...listed, ...running].flatMap((record) => (record === null ? [] : [record.image]))
  return new Set(images.filter((image) => dirname(image) === cache).map((image) => basename(image)))
}

/**
 * Removes from the cache what is not kept, and what killed builds left. What another process just builds stays. Throws
 * `lab.not-removed` where this user may not.
 */
export async function prune(cache: string, kept: Kept): Promise<Pruned[]> {
  if (findInStore(cache, '.') === null) return []
  const names = onUserPath(() => readdirSync(cache))
  const stays = withTheirRoots(
    cache,
    names.filter((name) => kept.images.has(name)),
  )
  const pruned: Pruned[] = []
  try {
    await removeKilledBuilds(cache)
    for (const name of names) {
      const what = stays.has(name) ? null : describe(cache, name, kept)
      if (what === null) continue
      const bytes = bytesOnDisk(join(cache, name))
      if (await removeFromStore(cache, name)) pruned.push({ name, what, bytes })
    }
  } catch (error) {
    throw errnoOf(error) === 'EACCES' || errnoOf(error) === 'EPERM' ? notAllowed(cache, error) : error
  }
  return pruned
}

/** An image with a kernel of one's own has the root of another image. */
function withTheirRoots(cache: string, names: readonly string[]): Set<string> {
  const roots = names.flatMap((name) => {
    const image = imageIn(cache, name)
    return image === null ? [] : [basename(dirname(image.root))]
  })
  return new Set([...names, ...roots])
}

const IMAGE = /^[0-9a-f]{16}$/
const ZFS = /^(zfs-.*)-([0-9a-f]{16})$/

/** Returns what to remove under the name; null where it must stay or is not ours. */
function describe(cache: string, name: string, { zfs }: Kept): string | null {
  const [, modules, how] = ZFS.exec(name) ?? []
  if (modules !== undefined) return how === zfs ? null : `modules ${modules}`
  if (!IMAGE.test(name)) return null
  const image = imageIn(cache, name)
  if (image === null) return 'an image'
  return `image ${image.flavour}, Linux ${image.kernelRelease ?? 'of one’s own'}`
}

/** Returns null where an older bench wrote it in another way. */
function imageIn(cache: string, name: string): LabImage | null {
  try {
    return readImage(join(cache, name))
  } catch {
    return null
  }
}

/** Blocks of 512 bytes that are allocated (stat(2)): a root is mostly hole. */
function bytesOnDisk(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => statSync(join(entry.parentPath, entry.name)).blocks * 512)
    .reduce((sum, bytes) => sum + bytes, 0)
}

function notAllowed(cache: string, cause: unknown): BenchError {
  return new BenchError(`${cache} contains files of another user`, {
    code: 'lab.not-removed',
    hint: 'images are built by root: run this with sudo and the same XDG_CACHE_HOME',
    exitCode: ExitCode.notCleaned,
    cause,
  })
}
