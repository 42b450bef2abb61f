import { constants, copyFileSync, mkdirSync, statfsSync, truncateSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Host } from '../../contracts/host.ts'
import { existingFolder } from '../../linux/existing-folder.ts'
import { isRoot } from '../../linux/privilege.ts'
import { blockFolder, isLoopDirect } from '../../linux/sysfs.ts'
import { readDisk } from '../facts/disk.ts'
import { BE_ROOT, missing, ok, SET_UP, tried, warning, type Check } from './check.ts'

const MEBIBYTE = 1024 ** 2
const GIBIBYTE = 1024 ** 3

/** mkfs.xfs makes nothing smaller than 300 MB; a sparse file costs only what is written. */
const XFS_SIZE = 320 * MEBIBYTE
/** One configuration, at the size that the smallest of the scenarios need. */
const LEAST_SPACE = 2 * GIBIBYTE
/** Two configurations at the default size of 8 GiB: any comparison needs two. */
const USUAL_SPACE = 16 * GIBIBYTE

/** A loop device with direct I/O over a file of the scratch's own disk, by attaching one. */
export function checkLoop(host: Host, folder: string): Promise<Check> {
  const subject = { id: 'loop', title: 'loop devices', needed: true }
  const mend =
    'a kernel with CONFIG_BLK_DEV_LOOP, /dev/loop-control, and the rights of root; or measure with --device'
  return tried(subject, isRoot() ? mend : BE_ROOT, () => {
    const file = path.join(folder, 'loop')
    writeFileSync(file, Buffer.alloc(MEBIBYTE))
    return withLoop(host, file, (device) => {
      // The kernel falls back to buffered I/O in silence where the file system cannot do direct I/O.
      if (isLoopDirect(blockFolder(device))) return ok(subject, 'attach, with direct I/O')
      const remedy = 'give a folder on ext4, xfs or btrfs by --scratch: what is read here is cached twice'
      return warning(subject, 'attach, without direct I/O', remedy)
    })
  })
}

/** File clones: an xfs made and mounted on a loop device, and a file cloned in it. */
export function checkReflink(host: Host, folder: string): Promise<Check> {
  const subject = { id: 'reflink', title: 'reflink (xfs)' }
  if (host.which('mkfs.xfs') === null)
    return Promise.resolve(missing(subject, 'no mkfs.xfs to try it with', SET_UP))
  const mend =
    'a kernel with xfs and mkfs.xfs 5.1 or later; without it no driver shares the extents of files on xfs'
  return tried(subject, isRoot() ? mend : BE_ROOT, () => {
    const file = path.join(folder, 'xfs')
    writeFileSync(file, '')
    truncateSync(file, XFS_SIZE)
    return withLoop(host, file, async (device) => {
      await host.run('mkfs.xfs', ['-q', '-m', 'reflink=1', device])
      return withMount(host, device, path.join(folder, 'mnt'), (mounted) => {
        writeFileSync(path.join(mounted, 'one'), Buffer.alloc(64 * 1024, 1))
        copyFileSync(path.join(mounted, 'one'), path.join(mounted, 'two'), constants.COPYFILE_FICLONE_FORCE)
        return ok(subject, 'a file was cloned')
      })
    })
  })
}

async function withLoop<T>(host: Host, file: string, work: (device: string) => T | Promise<T>): Promise<T> {
  const entry = { kind: 'loop', path: file } as const
  host.journal.record(entry)
  const loop = host.loops.attach(file, { directIo: true })
  try {
    return await work(loop.device)
  } finally {
    loop.detach()
    host.journal.forget(entry)
  }
}

function withMount<T>(host: Host, device: string, target: string, work: (target: string) => T): T {
  mkdirSync(target)
  const entry = { kind: 'mount', path: target } as const
  host.journal.record(entry)
  host.syscalls.mount(device, target, 'xfs', 0, '')
  try {
    return work(target)
  } finally {
    host.syscalls.umount(target)
    host.journal.forget(entry)
  }
}

/** Space for loop files, and that they would lie on a disk. */
export function checkSpace(scratchDirectory: string): Check {
  const subject = { id: 'scratch', title: 'scratch space', needed: true }
  const folder = existingFolder(scratchDirectory)
  const { bavail, bsize } = statfsSync(folder)
  const free = bavail * bsize
  const { filesystem } = readDisk(folder)
  const found = `${(free / GIBIBYTE).toFixed(1)} GiB free in ${folder} (${filesystem ?? 'unknown file system'})`
  const mend = 'give a folder with more space by --scratch, or a disk by --device'
  if (filesystem === 'tmpfs' || filesystem === 'ramfs') {
    return missing(subject, `${found}: that is memory`, 'give a folder on a disk by --scratch')
  }
  if (free < LEAST_SPACE) return missing(subject, found, mend)
  if (free < USUAL_SPACE) return warning(subject, found, `${mend}, or make each smaller by --scratch-size`)
  return ok(subject, found)
}
