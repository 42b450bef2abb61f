/** Finds where the bytes of block devices are stored: partitions on disks, loop devices on files and devices. */
import type { Syscalls } from '../../contracts/syscalls.ts'
import { blockFolder, loopFile, blockNames } from '../sysfs.ts'
import { blockBytes, blockName, blockRelations, blockStart, diskOfPartition } from './device.ts'
import { loopStatus, type LoopStatus } from './loop-status.ts'

/** Bytes of a disk or of a file. */
export interface Extent {
  /** Name of the disk, or the file's key. */
  root: string
  start: number
  end: number
}

export interface BlockStorage {
  readonly names: readonly string[]
  /** Attached loop devices, by name. */
  readonly loops: ReadonlyMap<string, LoopStatus | 'unknown'>
  /** Returns the devices directly beneath: the disk of a partition, what a loop, dm or md device stands on. */
  beneath(name: string): string[]
  /** Returns all devices beneath, the nearest first. */
  allBeneath(name: string): string[]
  /**
   * Returns where the bytes lie, through loop devices and partitions down to disks and files. Of devices that others are
   * made into (dm, md), all bytes of those.
   */
  extents(name: string): Extent[]
}

/** Reads how all block devices stand on each other now. */
export function readBlockStorage(syscalls: Pick<Syscalls, 'ioctl'>): BlockStorage {
  const names = blockNames()
  const loops = new Map<string, LoopStatus | 'unknown'>()
  for (const name of names) {
    const status = statusIfThere(syscalls, name)
    if (status !== null) loops.set(name, status)
  }

  function beneath(name: string): string[] {
    const disk = diskOfPartition(name)
    if (disk !== null) return [disk]
    const loop = loops.get(name)
    if (loop !== undefined && loop !== 'unknown') {
      const below = loop.device === null ? null : blockName(loop.device)
      return below === null ? [] : [below]
    }
    return blockRelations(name, 'slaves')
  }

  function allBeneath(name: string): string[] {
    const found = new Set<string>()
    const visit = (below: string) => {
      if (found.has(below)) return
      found.add(below)
      beneath(below).forEach(visit)
    }
    beneath(name).forEach(visit)
    return [...found]
  }

  function extents(name: string): Extent[] {
    const bytes = blockBytes(name)
    const disk = diskOfPartition(name)
    if (disk !== null) return within(extents(disk), blockStart(name), bytes)
    const loop = loops.get(name)
    if (loop !== undefined && loop !== 'unknown') {
      const [below] = beneath(name)
      if (below !== undefined) return within(extents(below), loop.offset, bytes)
      if (loop.file !== null) return [{ root: loop.file, start: loop.offset, end: loop.offset + bytes }]
    }
    const slaves = blockRelations(name, 'slaves')
    return slaves.length === 0 ? [{ root: name, start: 0, end: bytes }] : slaves.flatMap(extents)
  }

  return { names, loops, beneath, allBeneath, extents }
}

/** A loop device may go while it is looked at. */
function statusIfThere(syscalls: Pick<Syscalls, 'ioctl'>, name: string): LoopStatus | 'unknown' | null {
  try {
    return loopStatus(syscalls, name)
  } catch {
    return loopFile(blockFolder(name)) === null ? null : 'unknown'
  }
}

/**
 * Returns where a part of the extents is stored. With several extents their order is unknown, so the part may be in any of
 * them.
 */
function within(extents: readonly Extent[], offset: number, bytes: number): Extent[] {
  const [only, ...more] = extents
  if (only === undefined || more.length > 0) return [...extents]
  const start = only.start + offset
  return [{ root: only.root, start, end: Math.min(only.end, start + bytes) }]
}

export function overlap(some: readonly Extent[], others: readonly Extent[]): boolean {
  return some.some(({ root, start, end }) =>
    others.some((other) => other.root === root && other.start < end && start < other.end),
  )
}
