/** Block devices by number: a path may be an alias, a link or another node of the same device. */
import { readdirSync, realpathSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import type { DeviceIdentity } from '../../contracts/device.ts'
import { deviceText } from '../device-number.ts'
import {
  blockFolder,
  isPartition,
  numberedBlockFolder,
  readSysfs,
  readSysfsNumber,
  wholeDiskFolder,
} from '../sysfs.ts'

/** Bytes of a sector, the unit of sizes below /sys/block, whatever the device's own is. */
const SECTOR = 512

/** Returns `major:minor` of the block device that a path leads to; null where it leads to something else or to nothing. */
export function blockNumberAt(path: string): string | null {
  try {
    const stat = statSync(path)
    return stat.isBlockDevice() ? deviceText(stat.rdev) : null
  } catch {
    return null
  }
}

/** Returns the kernel's name of a device, given as `major:minor`: `sda1`; null where there is none of this number. */
export function blockName(number: string): string | null {
  try {
    return basename(realpathSync(numberedBlockFolder(number)))
  } catch {
    return null
  }
}

/** Returns the path of a device's node, as the kernel itself names it: a `!` in a name stands for `/` (cciss!c0d0). */
export function blockNode(name: string): string {
  return `/dev/${name.replaceAll('!', '/')}`
}

/** Returns the size in bytes: 0 of a drive without a medium and of a loop device without a file. */
export function blockBytes(name: string): number {
  return (readSysfsNumber(`${blockFolder(name)}/size`) ?? 0) * SECTOR
}

/** Returns the byte of the disk at which a partition begins; 0 of a disk. */
export function blockStart(name: string): number {
  return (readSysfsNumber(`${blockFolder(name)}/start`) ?? 0) * SECTOR
}

/** Returns the name of the disk that a partition lies on; null of a disk. */
export function diskOfPartition(name: string): string | null {
  const folder = blockFolder(name)
  return isPartition(folder) ? basename(wholeDiskFolder(folder)) : null
}

/** Returns the names in a device's folder of relations: `holders` are made upon it, `slaves` are what it is made of. */
export function blockRelations(name: string, relation: 'holders' | 'slaves'): string[] {
  try {
    return readdirSync(`${blockFolder(name)}/${relation}`)
  } catch {
    return []
  }
}

/** Returns the serial number; null where this kind of device has none. */
export function blockSerial(name: string): string | null {
  for (const file of ['serial', 'device/serial']) {
    const serial = readSysfs(`${blockFolder(name)}/${file}`)
    if (serial) return serial
  }
  return null
}

/**
 * Returns what tells the device from another of the same number, later: `diskseq` counts up whenever a disk appears or changes
 * its medium or file (Linux 5.15; Documentation/ABI/stable/sysfs-block).
 */
export function blockIdentity(name: string): DeviceIdentity {
  const disk = diskOfPartition(name) ?? name
  return {
    number: readSysfs(`${blockFolder(name)}/dev`) ?? '',
    diskseq: readSysfsNumber(`${blockFolder(disk)}/diskseq`),
    start: blockStart(name),
    bytes: blockBytes(name),
    serial: blockSerial(disk),
  }
}
