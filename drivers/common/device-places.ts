/** Where the bytes of a file lie on the block device that its file system stands on. */
import { closeSync, openSync } from 'node:fs'
import type { Host } from '../../harness/contracts/host.ts'
import { occupied, type Range } from './extent-set.ts'

/** For file systems on one device, of which FIEMAP tells the device's own offsets: ext4, xfs. Syncs the file. */
export function placesOf(host: Host, path: string): Range[] {
  const fd = openSync(path, 'r')
  try {
    return occupied(host.syscalls.fiemap(fd))
  } finally {
    closeSync(fd)
  }
}
