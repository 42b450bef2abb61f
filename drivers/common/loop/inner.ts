/** The file system inside the image file: what a container's files lie on. */
import { closeSync, ftruncateSync, mkdirSync, openSync, readdirSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Backing, Scratch } from '../../../harness/contracts/driver.ts'
import type { Host } from '../../../harness/contracts/host.ts'
import type { Mount } from '../../../harness/contracts/snapshotter.ts'

export type InnerFilesystem = Extract<Backing, 'ext4' | 'xfs'>

// A file can be discarded without leaving work behind, so mkfs may: it then knows that all reads as zeros.
const MKFS: Readonly<Record<InnerFilesystem, readonly string[]>> = {
  // A loop device over a file with shared blocks takes direct I/O in xfs' blocks, not sectors of 512 bytes (Linux 6.17).
  // Below 512 MiB mke2fs would make blocks of 1 KiB.
  ext4: ['-q', '-F', '-b', '4096', '-E', 'lazy_itable_init=0,lazy_journal_init=0'],
  xfs: ['-q', '-f', '-s', 'size=4096'],
}

/** Every child has the UUID of the image that it was cloned from, and xfs refuses a UUID that is mounted already. */
const MOUNT_OPTIONS: Readonly<Record<InnerFilesystem, readonly string[]>> = {
  ext4: [],
  xfs: ['nouuid'],
}

/** Makes an empty file system as large as the scratch in the new, sparse file. */
export async function makeBaseImage(
  host: Host,
  file: string,
  scratch: Scratch,
  filesystem: InnerFilesystem,
): Promise<void> {
  const fd = openSync(file, 'wx')
  ftruncateSync(fd, scratch.size)
  closeSync(fd)
  await host.run(`mkfs.${filesystem}`, [...MKFS[filesystem], file])
  await emptyRoot(host, innerMount(filesystem, file, 'rw'), join(scratch.directory, 'base'))
}

/** ext4 makes a `lost+found`, which would be in every container. */
async function emptyRoot(host: Host, mount: Mount, target: string): Promise<void> {
  mkdirSync(target)
  await host.mount([mount], target)
  try {
    for (const name of readdirSync(target)) rmdirSync(join(target, name))
  } finally {
    await host.unmount(target)
  }
}

/** Returns the mount of an image file, through a loop device that caches nothing of its own. */
export function innerMount(filesystem: InnerFilesystem, file: string, access: 'rw' | 'ro'): Mount {
  return {
    type: filesystem,
    source: file,
    options: [access, 'noatime', 'loop=direct', ...MOUNT_OPTIONS[filesystem]],
  }
}
