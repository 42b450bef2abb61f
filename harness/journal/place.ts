/** The folders and devices that a run named, so that they are known again when it is cleaned up after. */
import { lstatSync, realpathSync, statfsSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { errnoOf } from '../contracts/syscalls.ts'

export const placeSchema = z.object({
  path: z.string().describe('without symbolic links'),
  at: z.string().describe('the path, or the nearest folder above it that was there'),
  inode: z.number(),
  memory: z.boolean().describe('ends with the boot'),
})

export type Place = z.infer<typeof placeSchema>

/** linux/magic.h: what keeps its files in memory. */
const TMPFS_MAGIC = 0x01021994
const RAMFS_MAGIC = 0x858458f6

/** Returns the place at a path, which need not be there yet. */
export function placeOf(path: string): Place {
  const real = realPath(path)
  let at = real
  while (lstatSync(at, { throwIfNoEntry: false }) === undefined) at = dirname(at)
  return { path: real, at, inode: statSync(at).ino, memory: inMemory(at) }
}

function inMemory(path: string): boolean {
  const { type } = statfsSync(path)
  return type === TMPFS_MAGIC || type === RAMFS_MAGIC
}

/** Returns the path without symbolic links, as far as it is there; its last part may be missing. */
export function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT' || path === dirname(path)) throw error
    return join(realPath(dirname(path)), basename(path))
  }
}

/**
 * Tells whether the place is the one that the run named: not another disk's folder of the same name, because the disk is not
 * mounted now, or because this is another mount namespace. The number of the device would not tell: it changes with each
 * mount of btrfs, and from boot to boot.
 */
export function isSamePlace({ at, inode }: Place): boolean {
  return statSync(at, { throwIfNoEntry: false })?.ino === inode
}
