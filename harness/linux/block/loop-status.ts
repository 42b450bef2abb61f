/** Backing of a loop device, by numbers: its path may lead to another file here, or to none. */
import { closeSync, constants, openSync, statSync } from 'node:fs'
import type { Syscalls } from '../../contracts/syscalls.ts'
import { deviceText } from '../device-number.ts'
import { blockFolder, loopFile, readSysfs, readSysfsNumber } from '../sysfs.ts'
import { blockNode, blockNumberAt } from './device.ts'

// linux/loop.h: struct loop_info64 { u64 lo_device, lo_inode, lo_rdevice, lo_offset, …; }
const LOOP_GET_STATUS64 = 0x4c05
const INFO_SIZE = 232
const INODE_OFFSET = 8
const RDEVICE_OFFSET = 16
const START_OFFSET = 24

export interface LoopStatus {
  /** `major:minor` of the block device beneath; null for a file. */
  device: string | null
  /** The file beneath, as {@link fileKey} names it; null for a block device. */
  file: string | null
  /** Path as the kernel shows it in this mount namespace. */
  path: string
  /** Byte of what lies beneath at which the loop device begins. */
  offset: number
}

/** Names a file by its file system and inode: equal for all its paths and links. */
export function fileKey(device: number, inode: number | bigint): string {
  return `${deviceText(device)} inode ${inode}`
}

/**
 * Returns what lies beneath a loop device; null for a free one and for another device, `unknown` where neither its node nor
 * the path that the kernel shows leads there.
 */
export function loopStatus(syscalls: Pick<Syscalls, 'ioctl'>, name: string): LoopStatus | 'unknown' | null {
  const path = loopFile(blockFolder(name))
  if (path === null) return null
  const node = blockNode(name)
  const number = readSysfs(`${blockFolder(name)}/dev`)
  return blockNumberAt(node) === number ? statusOf(syscalls, node, path) : statusByPath(name, path)
}

function statusOf(syscalls: Pick<Syscalls, 'ioctl'>, node: string, path: string): LoopStatus {
  const fd = openSync(node, constants.O_RDONLY | constants.O_NONBLOCK)
  const info = Buffer.alloc(INFO_SIZE)
  try {
    syscalls.ioctl(fd, LOOP_GET_STATUS64, info)
  } finally {
    closeSync(fd)
  }
  const rdevice = Number(info.readBigUInt64LE(RDEVICE_OFFSET))
  const file = fileKey(Number(info.readBigUInt64LE(0)), info.readBigUInt64LE(INODE_OFFSET))
  return {
    device: rdevice === 0 ? null : deviceText(rdevice),
    file: rdevice === 0 ? file : null,
    path,
    offset: Number(info.readBigUInt64LE(START_OFFSET)),
  }
}

/** Without a device node, as in a container. */
function statusByPath(name: string, path: string): LoopStatus | 'unknown' {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat === undefined) return 'unknown'
  const offset = readSysfsNumber(`${blockFolder(name)}/loop/offset`) ?? 0
  const device = stat.isBlockDevice() ? deviceText(stat.rdev) : null
  return { device, file: device === null ? fileKey(stat.dev, stat.ino) : null, path, offset }
}
