/** The file system under a driver: made on the scratch device, mounted, observed, and released. */
import { closeSync, mkdirSync, openSync, statfsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { BenchError, ExitCode } from '../../harness/contracts/error.ts'
import type { Backing } from '../../harness/contracts/driver.ts'
import type { Host } from '../../harness/contracts/host.ts'
import type { Unsupported } from '../../harness/contracts/needs.ts'
import type { Usage } from '../../harness/contracts/snapshotter.ts'
import { errnoOf } from '../../harness/contracts/syscalls.ts'
import { drainBtrfs, emptyXfsLog, freeXfsPreallocations } from './rest.ts'

export interface BackingOptions {
  /** xfs: whether files may share extents. Default: mkfs' own, on. */
  reflink?: boolean
  /** Mount options beside `noatime`, which every configuration has. */
  mountOptions?: readonly string[]
}

/** A mounted backing file system. Disposing it unmounts. */
export interface MountedBacking extends AsyncDisposable {
  readonly path: string
  readonly device: string
  /** Writes everything back that the file system holds; xfs gives up blocks that it only keeps in reserve. */
  sync(): Promise<void>
  /**
   * The same, and waits until it has nothing left to do in the background. `unused`: nothing of the store is mounted,
   * which xfs needs for it.
   */
  settle(unused: boolean): Promise<void>
  /** Bytes and inodes in use, as statfs(2) tells; btrfs counts no inodes. */
  used(): Usage
  /** Bytes of a file, by whether another file shares them; where the file system knows no FIEMAP. */
  bytesOf?(path: string): { sharedBytes: number; exclusiveBytes: number }
  /** See `Snapshotter.forget`; nothing of the file system but itself is mounted. Absent: the page cache is all there is. */
  forget?(): Promise<void>
}

const MKFS: Readonly<Record<Exclude<Backing, 'zfs'>, readonly string[]>> = {
  // Without lazy initialisation nothing is written behind the first samples' back.
  ext4: ['-q', '-F', '-E', 'lazy_itable_init=0,lazy_journal_init=0,nodiscard'],
  xfs: ['-q', '-f', '-K'],
  btrfs: ['-q', '-f', '-K'],
}

/**
 * Beside `noatime`. btrfs discards by itself on devices that can (Linux 6.2), the others do not: it would be work behind
 * the samples' back, and would punch holes into a scratch file that is allocated in full.
 */
const MOUNT_OPTIONS: Readonly<Record<Exclude<Backing, 'zfs'>, readonly string[]>> = {
  ext4: [],
  xfs: [],
  btrfs: ['nodiscard'],
}

/** Makes `type` on `device` and mounts it on `target`, which is created. */
export async function openBacking(
  host: Host,
  device: string,
  type: Backing,
  target: string,
  options: BackingOptions = {},
): Promise<MountedBacking> {
  await makeFilesystem(host, device, type, options)
  mkdirSync(target, { recursive: true })
  const usual = type === 'zfs' ? [] : MOUNT_OPTIONS[type]
  const mountOptions = ['noatime', ...usual, ...(options.mountOptions ?? [])]
  await host.mount([{ type, source: device, options: mountOptions }], target)
  const fd = openSync(target, 'r')
  let open = true
  const sync = async () => writeBack(host, type, fd)
  return {
    path: target,
    device,
    sync,
    async settle(unused) {
      await sync()
      if (type === 'xfs' && unused) emptyXfsLog(host.syscalls, device, target)
      if (type === 'btrfs') await drainBtrfs(host.syscalls, fd)
    },
    used: () => usedOf(target),
    async [Symbol.asyncDispose]() {
      if (!open) return
      open = false
      closeSync(fd)
      await unmountPatiently(host, target)
    },
  }
}

const UNMOUNT_TRIES = 300
const MILLISECONDS_BETWEEN = 100

/**
 * An image file that was mounted keeps the backing busy for as long as its mount lives anywhere: a mount namespace that
 * another process made meanwhile has copies of all mounts, and they end with it.
 */
async function unmountPatiently(host: Host, target: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await host.unmount(target)
    } catch (error) {
      if (errnoOf(error) !== 'EBUSY' || tries === UNMOUNT_TRIES) throw error
      await sleep(MILLISECONDS_BETWEEN)
    }
  }
}

/** Opens what stands on a backing; when that fails, unmounts the backing again. */
export async function buildOn<T>(
  backing: MountedBacking,
  build: (backing: MountedBacking) => T | Promise<T>,
): Promise<T> {
  try {
    return await build(backing)
  } catch (error) {
    await backing[Symbol.asyncDispose]()
    throw error
  }
}

/** mkfs with what every configuration has in common: no discard, no lazy initialisation. */
export async function makeFilesystem(
  host: Host,
  device: string,
  type: Backing,
  options: BackingOptions = {},
): Promise<void> {
  if (type === 'zfs') {
    throw new BenchError('zfs is made as a pool, not by mkfs', { code: 'driver.backing' })
  }
  const extra =
    type === 'xfs' && options.reflink !== undefined ? ['-m', `reflink=${options.reflink ? 1 : 0}`] : []
  await host.run(`mkfs.${type}`, [...MKFS[type], ...extra, device])
}

function writeBack(host: Host, type: Backing, fd: number): void {
  host.syscalls.syncfs(fd)
  if (type !== 'xfs') return
  freeXfsPreallocations(host.syscalls, fd)
  host.syscalls.syncfs(fd)
}

function usedOf(path: string): Usage {
  const stat = statfsSync(path)
  return {
    bytes: (stat.blocks - stat.bfree) * stat.bsize,
    inodes: stat.files === 0 ? null : stat.files - stat.ffree,
  }
}

/** Returns the error for what the host lacks, from a probe's answer. */
export function unsupported({ reason, code, hint }: Unsupported): BenchError {
  return new BenchError(reason, {
    code,
    hint,
    exitCode: ExitCode.nothingRuns,
  })
}
