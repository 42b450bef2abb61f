/** Attributes below /sys, and what they say of block devices: Documentation/ABI/stable/sysfs-block. */
import { existsSync, readFileSync, readdirSync, realpathSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { errnoOf } from '../contracts/syscalls.ts'

/** Errors of this process, not of the kernel's answer. */
const OWN_FAULTS = ['EMFILE', 'ENFILE', 'ENOMEM', 'EISDIR']

/**
 * Returns the trimmed text of an attribute; null where the kernel has no answer: the device is gone or is not of the kind
 * that has the attribute, or its driver answers with an error. Throws when this process cannot open one more file.
 */
export function readSysfs(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (error) {
    const errno = errnoOf(error)
    if (errno === null || OWN_FAULTS.includes(errno)) throw error
    return null
  }
}

/** Returns a whole number from an attribute; null where there is none. */
export function readSysfsNumber(path: string): number | null {
  const text = readSysfs(path)
  return text !== null && /^-?\d+$/.test(text) ? Number(text) : null
}

const BLOCK_DEVICES = '/sys/class/block'

/** Returns the names of all block devices. */
export function blockNames(): string[] {
  return readdirSync(BLOCK_DEVICES)
}

/** Returns the folder of a block device, given as `/dev/sda1` or `sda1`. */
export function blockFolder(device: string): string {
  return `${BLOCK_DEVICES}/${basename(device)}`
}

/** Returns the folder of a block device, given as `major:minor`. There is none where the number is no block device's. */
export function numberedBlockFolder(number: string): string {
  return `/sys/dev/block/${number}`
}

export function isPartition(folder: string): boolean {
  return existsSync(`${folder}/partition`)
}

/** Returns the folder of the whole disk. That of a partition lies in its disk's. */
export function wholeDiskFolder(folder: string): string {
  // Links first: Node would take `..` off the path as text, and /sys/class/block holds nothing but links.
  const real = realpathSync(folder)
  return isPartition(real) ? dirname(real) : real
}

/** Returns the names of a disk's partitions: `sda1`, `nvme0n1p1`. */
export function partitionsOf(disk: string): string[] {
  const name = basename(disk)
  return readdirSync(blockFolder(name)).filter((entry) => entry.startsWith(name))
}

/**
 * Returns the file beneath a loop device, absolute and without symbolic links; null for another device and one that is
 * free. A file that was unlinked has ` (deleted)` at its end.
 */
export function loopFile(folder: string): string | null {
  return readSysfs(`${folder}/loop/backing_file`)
}

/**
 * Tells whether a loop device passes the page cache of its file by; null where it is none. Asked for, direct I/O may be
 * refused: drivers/block/loop.c, lo_can_use_dio.
 */
export function isLoopDirect(folder: string): boolean | null {
  const direct = readSysfs(`${folder}/loop/dio`)
  return direct === null ? null : direct === '1'
}

export interface AttachedLoop {
  /** `loop3` */
  name: string
  file: string
}

/** Returns the loop devices that have a file. */
export function attachedLoops(): AttachedLoop[] {
  return blockNames().flatMap((name) => {
    const file = loopFile(blockFolder(name))
    return file === null ? [] : [{ name, file }]
  })
}

/** Returns the names of all device-mapper devices, the newest first. sysfs tells them without dmsetup. */
export function mappedDevices(): string[] {
  return blockNames()
    .filter((name) => name.startsWith('dm-'))
    .toSorted((a, b) => Number(b.slice(3)) - Number(a.slice(3)))
    .flatMap((name) => readSysfs(`${blockFolder(name)}/dm/name`) ?? [])
}
