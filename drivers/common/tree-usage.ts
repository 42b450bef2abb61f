/** Space that a directory tree takes on its file system. */
import { lstatSync, readdirSync, type Stats } from 'node:fs'
import type { Usage } from '../../harness/contracts/snapshotter.ts'

const SECTOR = 512

/** Allocated bytes and inodes of the tree, the directory itself included, files of several links once. */
export function treeUsage(directory: string): Usage {
  const usage = { bytes: 0, inodes: 0 }
  for (const stat of inodesOf(directory)) {
    usage.bytes += stat.blocks * SECTOR
    usage.inodes += 1
  }
  return usage
}

function* inodesOf(path: string, seen: Set<number> = new Set()): Generator<Stats> {
  const stat = lstatSync(path)
  if (seen.has(stat.ino)) return
  seen.add(stat.ino)
  yield stat
  if (!stat.isDirectory()) return
  for (const name of readdirSync(path)) yield* inodesOf(`${path}/${name}`, seen)
}
