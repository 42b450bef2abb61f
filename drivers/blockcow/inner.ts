/** The file system inside the image file: what a container's files lie on. */
import { closeSync, ftruncateSync, openSync } from 'node:fs'
import type { Backing } from '../../harness/contracts/driver.ts'
import type { Host } from '../../harness/contracts/host.ts'
import type { Mount } from '../../harness/contracts/snapshotter.ts'

export type InnerFilesystem = Extract<Backing, 'ext4' | 'xfs'>

// A file can be discarded without leaving work behind, so mkfs may: it then knows that all reads as zeros.
const MKFS: Readonly<Record<InnerFilesystem, readonly string[]>> = {
  ext4: ['-q', '-F', '-E', 'lazy_itable_init=0,lazy_journal_init=0'],
  // A loop device over a file with shared blocks takes direct I/O in xfs' blocks, not sectors of 512 bytes (Linux 6.17).
  xfs: ['-q', '-f', '-s', 'size=4096'],
}

/** Every child has the UUID of the image that it was cloned from, and xfs refuses a UUID that is mounted already. */
const MOUNT_OPTIONS: Readonly<Record<InnerFilesystem, readonly string[]>> = {
  ext4: [],
  xfs: ['nouuid'],
}

/** Makes an empty file system of `size` bytes in the new, sparse file. */
export async function makeBaseImage(
  host: Host,
  file: string,
  size: number,
  filesystem: InnerFilesystem,
): Promise<void> {
  const fd = openSync(file, 'wx')
  ftruncateSync(fd, size)
  closeSync(fd)
  await host.run(`mkfs.${filesystem}`, [...MKFS[filesystem], file])
}

/** The mount of an image file, through a loop device that caches nothing of its own. */
export function innerMount(filesystem: InnerFilesystem, file: string, access: 'rw' | 'ro'): Mount {
  return {
    type: filesystem,
    source: file,
    options: [access, 'noatime', 'loop=direct', ...MOUNT_OPTIONS[filesystem]],
  }
}
