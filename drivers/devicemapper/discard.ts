/** Giving up all blocks of a device before it is deleted. */
import { closeSync, constants, openSync } from 'node:fs'
import { errnoOf, type Syscalls } from '../../harness/contracts/syscalls.ts'
import { driverError } from '../common/catalog.ts'

/** linux/fs.h: discards `u64 range[2]`, start and length in bytes. */
const BLKDISCARD = 0x1277

/**
 * Discards a whole block device. It is opened exclusively first, which the kernel refuses while it is mounted: then
 * throws `driver.busy`, and nothing is lost.
 */
export function discardDevice(syscalls: Syscalls, node: string, size: number): void {
  const fd = openExclusively(node)
  try {
    const range = Buffer.alloc(16)
    range.writeBigUInt64LE(BigInt(size), 8)
    syscalls.ioctl(fd, BLKDISCARD, range)
  } finally {
    closeSync(fd)
  }
}

function openExclusively(node: string): number {
  try {
    return openSync(node, constants.O_RDWR | constants.O_EXCL)
  } catch (error) {
    if (errnoOf(error) === 'EBUSY') throw driverError('busy', `${node} is in use`, error)
    throw error
  }
}
