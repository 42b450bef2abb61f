/** Which ranges of two files are one and the same on the disk, as the file systems record it. */
import { closeSync, fstatSync, openSync } from 'node:fs'
import type { FileRange } from '../contracts/scenario.ts'
import { SyscallError, errnoOf, type Syscalls } from '../contracts/syscalls.ts'
import { deviceText } from './device-number.ts'
import { isPlain, isShared } from './fiemap.ts'
import { loopFile, numberedBlockFolder, readSysfs } from './sysfs.ts'

type Fiemap = Pick<Syscalls, 'fiemap'>

/** A range of a file and where it lies. Bytes. */
interface Place {
  logical: number
  physical: number
  length: number
}

/**
 * Returns the ranges in which two files of a store have the same offsets and the same shared extents, in order. For a
 * file on a loop device the place is that within the device's file. Empty where no file system below shares extents, or
 * one cannot tell. `devices`: what the store lies on. Syncs both files.
 */
export function sharedRanges(
  syscalls: Fiemap,
  devices: readonly string[],
  [one, other]: readonly [string, string],
): FileRange[] {
  const left = sharedPlaces(syscalls, devices, one)
  // To ask of the other is not worth it where the first shares nothing.
  const right = left.length === 0 ? [] : sharedPlaces(syscalls, devices, other)
  const ranges: FileRange[] = []
  let at = 0
  for (const place of left) {
    while (at < right.length && endOf(right[at] as Place) <= place.logical) at += 1
    for (let index = at; index < right.length; index += 1) {
      const candidate = right[index] as Place
      if (candidate.logical >= endOf(place)) break
      if (candidate.physical - candidate.logical !== place.physical - place.logical) continue
      const offset = Math.max(place.logical, candidate.logical)
      ranges.push({ offset, length: Math.min(endOf(place), endOf(candidate)) - offset })
    }
  }
  return ranges
}

/**
 * Returns the extents that another file has as well, in order of their offsets in the file. None where that cannot be
 * told.
 */
function sharedPlaces(syscalls: Fiemap, devices: readonly string[], path: string): Place[] {
  try {
    const fd = openSync(path, 'r')
    try {
      const extents = syscalls.fiemap(fd).filter(isPlain)
      const loop = loopBeneath(fstatSync(fd).dev, devices)
      if (loop === 'none') return extents.filter(isShared)
      return loop === 'unknown'
        ? []
        : through(extents, sharedPlaces(syscalls, devices, loop.file), loop.offset)
    } finally {
      closeSync(fd)
    }
  } catch (error) {
    // FUSE has no FIEMAP; a device's file may be out of sight. What cannot be told is not shared.
    if (error instanceof SyscallError || errnoOf(error) !== null) return []
    throw error
  }
}

/** Returns places on a loop device as places of the device's file: those of them that are among `beneath`. */
function through(places: readonly Place[], beneath: readonly Place[], offset: number): Place[] {
  return places.flatMap(({ logical, physical, length }) => {
    const start = physical + offset
    return beneath.flatMap((below) => {
      const from = Math.max(start, below.logical)
      const until = Math.min(start + length, endOf(below))
      if (from >= until) return []
      return [
        {
          logical: logical + from - start,
          physical: below.physical + from - below.logical,
          length: until - from,
        },
      ]
    })
  })
}

interface LoopBeneath {
  file: string
  /** Offset of the device's first byte in the file. */
  offset: number
}

/**
 * Returns the loop device of its own that a file system lies on: `none` where it lies on the store's devices, as all do
 * whose number is no block device's (btrfs, overlay). Of any other device it is `unknown` what lies below.
 */
function loopBeneath(device: number, devices: readonly string[]): LoopBeneath | 'none' | 'unknown' {
  const folder = numberedBlockFolder(deviceText(device))
  const event = readSysfs(`${folder}/uevent`)
  if (event === null) return 'none'
  if (devices.includes(`/dev/${/^DEVNAME=(.*)$/m.exec(event)?.[1]}`)) return 'none'
  const file = loopFile(folder)
  return file === null ? 'unknown' : { file, offset: Number(readSysfs(`${folder}/loop/offset`)) }
}

function endOf({ logical, length }: Place): number {
  return logical + length
}
