import { realpathSync } from 'node:fs'
import { readMounts, type MountRow } from '../../harness/linux/mountinfo.ts'

/** Finds the mounts of directories of one file system: of bind mounts the kernel lists which directory they show. */
export interface BindCounter {
  /** `directory` is absolute and lies on the file system. */
  count(directory: string): number
  /** Returns its mount points, in the order of mounting. */
  targets(directory: string): string[]
}

/** For the file system that is mounted on `mountpoint`. */
export function createBindCounter(mountpoint: string): BindCounter {
  // Not stat(2)'s device: on btrfs that is the subvolume's, not the file system's.
  const target = realpathSync(mountpoint)
  /** Looked up each time: mounted again, a file system without a device of its own (ZFS) has another number. */
  function ownIn(mounts: readonly MountRow[]): MountRow {
    const own = mounts.findLast((mount) => mount.target === target)
    if (own === undefined) throw new Error(`${mountpoint} is not a mount point`)
    return own
  }
  function targets(directory: string): string[] {
    const mounts = readMounts()
    const own = ownIn(mounts)
    const root = (own.root === '/' ? '' : own.root) + directory.slice(mountpoint.length)
    return mounts
      .filter((mount) => mount.device === own.device && mount.root === root)
      .map((mount) => mount.target)
  }
  ownIn(readMounts())
  return { targets, count: (directory) => targets(directory).length }
}
