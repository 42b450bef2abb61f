/**
 * Bringing a backing file system to rest: afterwards it writes nothing on its own account. Each leaves something else
 * behind syncfs(2); ext4 leaves nothing, since its metadata is written back with the device's own pages.
 */
import { lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { BenchError, ExitCode } from '../../harness/contracts/error.ts'
import { errnoOf, MountFlag, type Syscalls } from '../../harness/contracts/syscalls.ts'
import { until } from '../../harness/linux/until.ts'

// xfs_fs.h: struct xfs_fs_eofblocks.
const XFS_IOC_FREE_EOFBLOCKS = 0x8080583a
const XFS_EOFBLOCKS_SIZE = 128
const XFS_EOFBLOCKS_VERSION = 1
const XFS_EOF_FLAGS_SYNC = 1

// linux/btrfs.h
const BTRFS_IOC_SYNC = 0x9408
const BTRFS_IOC_START_SYNC = 0x80089418
const BTRFS_IOC_WAIT_SYNC = 0x40089416

/** The cleaner is awake within a scheduler's tick; what it finds to do it begins with a transaction. */
const CLEANER_MILLISECONDS = 10
const CLEANER_SECONDS = 60

/**
 * xfs frees the blocks of removed files in the background and keeps blocks that it allocated ahead of a file's end or
 * for copy-on-write for minutes. Freeing those ahead of time also waits for the former: fs/xfs/xfs_icache.c,
 * xfs_blockgc_free_space.
 */
export function freeXfsPreallocations(syscalls: Syscalls, fd: number): void {
  const request = Buffer.alloc(XFS_EOFBLOCKS_SIZE)
  request.writeUInt32LE(XFS_EOFBLOCKS_VERSION, 0)
  request.writeUInt32LE(XFS_EOF_FLAGS_SYNC, 4)
  syscalls.ioctl(fd, XFS_IOC_FREE_EOFBLOCKS, request)
}

/**
 * xfs makes changes of metadata durable in its log and writes them in place up to 30 s later (fs/xfs/xfs_log.c,
 * xfs_log_worker). To be mounted read-only for a moment makes it do so now. Freezing would, too, and in a container's
 * presence; but a process that is killed between freezing and thawing leaves a file system that nobody can unmount.
 *
 * Only while nothing is open for writing there: the kernel refuses otherwise, having forgotten its directory entries.
 * Those are looked up again here, down to the directories of layers, or the next mount would pay for it.
 */
export function emptyXfsLog(syscalls: Syscalls, device: string, target: string): void {
  const remount = MountFlag.remount | MountFlag.noAtime
  try {
    syscalls.mount(device, target, 'xfs', remount | MountFlag.readOnly, '')
  } catch (error) {
    if (errnoOf(error) !== 'EBUSY') throw error
    return
  }
  syscalls.mount(device, target, 'xfs', remount, '')
  for (const entry of readdirSync(target, { withFileTypes: true })) {
    const path = join(target, entry.name)
    if (!entry.isDirectory()) lstatSync(path)
    else for (const name of readdirSync(path)) lstatSync(join(path, name))
  }
}

/** Writes all back and wakes the thread that frees deleted subvolumes: fs/btrfs/ioctl.c, case BTRFS_IOC_SYNC. */
export function syncAndWakeCleaner(syscalls: Syscalls, fd: number): void {
  syscalls.ioctlInt(fd, BTRFS_IOC_SYNC, 0)
}

/**
 * btrfs' cleaner deletes block groups that became empty, in a transaction that would be committed up to 30 s later.
 * Wakes it and commits until it leaves no transaction open any more. Throws `driver.not-settled` after a minute.
 */
export async function drainBtrfs(syscalls: Syscalls, fd: number): Promise<void> {
  let committed: bigint | null = null
  const isDone = () => {
    const before = committed
    committed = commit(syscalls, fd)
    if (committed === before) return true
    syncAndWakeCleaner(syscalls, fd)
    return false
  }
  const error = () => notSettled('btrfs is still cleaning up', CLEANER_SECONDS)
  await until(isDone, { every: CLEANER_MILLISECONDS, within: CLEANER_SECONDS * 1000, error })
}

export function notSettled(what: string, seconds: number): BenchError {
  return new BenchError(`${what} after ${seconds} s`, {
    code: 'driver.not-settled',
    exitCode: ExitCode.cellFailed,
  })
}

/** Commits the open transaction, if there is one, and returns the number of the last: fs/btrfs/ioctl.c. */
function commit(syscalls: Syscalls, fd: number): bigint {
  const transaction = Buffer.alloc(8)
  syscalls.ioctl(fd, BTRFS_IOC_START_SYNC, transaction)
  syscalls.ioctl(fd, BTRFS_IOC_WAIT_SYNC, transaction)
  return transaction.readBigUInt64LE()
}
