/** Where the bytes of a file lie: Documentation/filesystems/fiemap.rst, linux/fiemap.h. */
import { closeSync, openSync } from 'node:fs'
import type { Extent, Range, Syscalls } from '../contracts/syscalls.ts'
import { mergeRanges } from './ranges.ts'

/** Bits of an extent's flags: FIEMAP_EXTENT_…. */
export const ExtentFlag = {
  last: 0x1,
  unknown: 0x2,
  delayed: 0x4,
  encoded: 0x8,
  inline: 0x200,
  unwritten: 0x800,
  merged: 0x1000,
  shared: 0x2000,
} as const

const NOWHERE = ExtentFlag.unknown | ExtentFlag.delayed | ExtentFlag.inline
const PLAIN = ExtentFlag.last | ExtentFlag.merged | ExtentFlag.shared

/** Tells whether the extent has a place of its own on the device; data that is not yet written back or lies inline has none. */
export const hasPlace = ({ flags }: Extent) => (flags & NOWHERE) === 0

/** Tells whether the bytes of the extent lie at its place as they are: not encoded, not unwritten. */
export const isPlain = ({ flags }: Extent) => (flags & ~PLAIN) === 0

/** Tells whether another file has the extent as well. */
export const isShared = ({ flags }: Extent) => (flags & ExtentFlag.shared) !== 0

const FS_IOC_FIEMAP = 0xc020660b
const FIEMAP_FLAG_SYNC = 1
/** Bytes: `struct fiemap`, `struct fiemap_extent`. */
const HEADER_SIZE = 32
const EXTENT_SIZE = 56
const EXTENTS_A_CALL = 512

/** Returns all extents of a file in the order of their offsets, by as many calls of `ioctl` on it as that takes. */
export function readExtents(ioctl: (request: number, argument: Buffer) => void): Extent[] {
  const extents: Extent[] = []
  let start = 0
  for (;;) {
    const buffer = Buffer.alloc(HEADER_SIZE + EXTENTS_A_CALL * EXTENT_SIZE)
    buffer.writeBigUInt64LE(BigInt(start), 0)
    buffer.writeBigUInt64LE(0xffffffffffffffffn - BigInt(start), 8)
    buffer.writeUInt32LE(FIEMAP_FLAG_SYNC, 16)
    buffer.writeUInt32LE(EXTENTS_A_CALL, 24)
    ioctl(FS_IOC_FIEMAP, buffer)
    const mapped = decodeExtents(buffer)
    extents.push(...mapped)
    const last = mapped.at(-1)
    if (last === undefined || (last.flags & ExtentFlag.last) !== 0) return extents
    start = last.logical + last.length
  }
}

function decodeExtents(buffer: Buffer): Extent[] {
  const count = buffer.readUInt32LE(20)
  return Array.from({ length: count }, (_, index) => {
    const at = HEADER_SIZE + index * EXTENT_SIZE
    return {
      logical: Number(buffer.readBigUInt64LE(at)),
      physical: Number(buffer.readBigUInt64LE(at + 8)),
      length: Number(buffer.readBigUInt64LE(at + 16)),
      flags: buffer.readUInt32LE(at + 40),
    }
  })
}

type Fiemap = Pick<Syscalls, 'fiemap'>

/** Returns the extents of the file at `path`, which is synced. */
export function extentsOf(syscalls: Fiemap, path: string): Extent[] {
  const fd = openSync(path, 'r')
  try {
    return syscalls.fiemap(fd)
  } finally {
    closeSync(fd)
  }
}

/**
 * Returns the bytes of a file by whether another file shares the extent. Holes count as neither; nor does data that lies inline in
 * the file system's own trees, of which FIEMAP never tells whether it is shared.
 */
export function extentBytes(syscalls: Fiemap, path: string): { sharedBytes: number; exclusiveBytes: number } {
  let sharedBytes = 0
  let exclusiveBytes = 0
  for (const extent of extentsOf(syscalls, path).filter(hasPlace)) {
    if (isShared(extent)) sharedBytes += extent.length
    else exclusiveBytes += extent.length
  }
  return { sharedBytes, exclusiveBytes }
}

/**
 * Returns the bytes of the device that these extents occupy, in order and without overlap. FIEMAP gives the device's own offsets
 * for file systems on one device: ext4, xfs.
 */
export function occupied(extents: Iterable<Extent>): Range[] {
  const ranges: Range[] = []
  for (const extent of extents) {
    if (hasPlace(extent)) ranges.push({ start: extent.physical, end: extent.physical + extent.length })
  }
  return mergeRanges(ranges)
}

/** Returns the parts of these extents whose offsets in the file lie in `ranges`, which are in order and without overlap. */
export function within(extents: Iterable<Extent>, ranges: readonly Range[]): Extent[] {
  const parts: Extent[] = []
  for (const extent of extents) {
    for (const range of ranges) {
      const start = Math.max(extent.logical, range.start)
      const length = Math.min(extent.logical + extent.length, range.end) - start
      if (length <= 0) continue
      parts.push({ ...extent, logical: start, physical: extent.physical + start - extent.logical, length })
    }
  }
  return parts
}
