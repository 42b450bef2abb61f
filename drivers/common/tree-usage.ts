/** Space that a directory tree takes on its file system. */
import { lstatSync, readdirSync, type Stats } from 'node:fs'
import type { Usage } from '../../harness/contracts/snapshotter.ts'
import type { Extent, Syscalls } from '../../harness/contracts/syscalls.ts'
import { extentsOf, occupied } from '../../harness/linux/fiemap.ts'
import { commonBytes } from '../../harness/linux/ranges.ts'

const SECTOR = 512

/** Allocated bytes and inodes of the tree, the directory itself included, files of several links once. */
export function treeUsage(directory: string): Usage {
  const usage = { bytes: 0, inodes: 0 }
  for (const { stat } of inodesOf(directory)) {
    usage.bytes += stat.blocks * SECTOR
    usage.inodes += 1
  }
  return usage
}

/**
 * Like {@link treeUsage}, without the bytes of extents that the tree shares with `parent`. For file systems that can share
 * extents. It reads the extents of every file, so it takes a while.
 */
export function treeUsageBeside(syscalls: Syscalls, directory: string, parent: string): Usage {
  const { bytes, inodes } = treeUsage(directory)
  const shared = commonBytes(occupied(extentsIn(syscalls, directory)), occupied(extentsIn(syscalls, parent)))
  return { bytes: bytes - shared, inodes }
}

function* extentsIn(syscalls: Syscalls, directory: string): Generator<Extent> {
  for (const { path, stat } of inodesOf(directory)) {
    if (stat.isFile()) yield* extentsOf(syscalls, path)
  }
}

function* inodesOf(path: string, seen: Set<number> = new Set()): Generator<{ path: string; stat: Stats }> {
  const stat = lstatSync(path)
  if (seen.has(stat.ino)) return
  seen.add(stat.ino)
  yield { path, stat }
  if (!stat.isDirectory()) return
  for (const name of readdirSync(path)) yield* inodesOf(`${path}/${name}`, seen)
}
