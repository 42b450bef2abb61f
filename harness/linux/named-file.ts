/** Writes where a person said: a file, a pipe, a terminal. */
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readlinkSync,
  realpathSync,
  statfsSync,
  statSync,
  type Stats,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { errnoOf } from '../contracts/syscalls.ts'
import { nameOfKind } from './input-file.ts'
import { isRoot } from './privilege.ts'
import { replaceFile } from './replace-file.ts'
import { writeAll } from './write-all.ts'

/** Links in a row that the kernel follows: fs/namei.c, MAXSYMLINKS. */
const MOST_LINKS = 40

/**
 * Writes `content` to the path that a person named. A regular file is replaced as a whole and keeps its mode and owner;
 * a pipe, a terminal and any other character device are written to, and so is a descriptor of this process (/dev/stdout,
 * /dev/fd/63). Links are followed. Throws an error whose message says what is wrong without naming the path: for a folder,
 * a block device, a socket, a link to nothing, a pipe that nobody reads, and for a regular file in a folder of the kernel's
 * (/dev, /proc, /sys), where a file in the place of a node would be harm to every program.
 */
export function writeNamedFile(path: string, content: string): void {
  const descriptor = ownDescriptor(path)
  if (descriptor !== null) {
    requireStream(fstatSync(descriptor), ['isFile', 'isSocket'])
    return writeAll(descriptor, content)
  }
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat === undefined) return writeNew(path, content)
  if (!stat.isFile()) return writeThrough(path, content, stat)
  const real = realpathSync(path)
  requireOrdinaryFolder(dirname(real))
  const { uid, gid } = stat
  const owner = isRoot() ? { uid, gid } : undefined
  replaceFile(real, content, { mode: stat.mode & 0o777, ...(owner === undefined ? {} : { owner }) })
}

function writeNew(path: string, content: string): void {
  if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) throw new Error('is a link to nothing')
  const folder = realpathSync(dirname(path))
  requireOrdinaryFolder(folder)
  replaceFile(join(folder, basename(path)), content)
}

/** O_NONBLOCK does not wait for the reader of a pipe: without one, open(2) answers ENXIO. */
function writeThrough(path: string, content: string, stat: Stats): void {
  requireStream(stat)
  const fd = openForWriting(path)
  try {
    requireStream(fstatSync(fd))
    writeAll(fd, content)
  } finally {
    closeSync(fd)
  }
}

function openForWriting(path: string): number {
  try {
    return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY)
  } catch (error) {
    if (errnoOf(error) === 'ENXIO') throw new Error('is a pipe that nobody reads', { cause: error })
    throw error
  }
}

type Kind = 'isCharacterDevice' | 'isFIFO' | 'isFile' | 'isSocket'

function requireStream(stat: Stats, also: readonly Kind[] = []): void {
  if (['isCharacterDevice' as const, 'isFIFO' as const, ...also].some((kind) => stat[kind]())) return
  throw new Error(`is ${nameOfKind(stat)}, and not a file, a pipe or a terminal`)
}

/**
 * Returns the number of this process' descriptor that a path leads to, or null. Such a link is not opened: another open file
 * of the same regular file would write over what this process has written to its own.
 */
function ownDescriptor(path: string): number | null {
  const descriptors = `${realpathSync('/proc/self')}/fd`
  let at = resolve(path)
  for (let links = 0; links < MOST_LINKS; links += 1) {
    const folder = existingFolder(dirname(at))
    if (folder === null) return null
    if (folder === descriptors && /^\d+$/.test(basename(at))) return Number(basename(at))
    at = join(folder, basename(at))
    if (lstatSync(at, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return null
    at = resolve(folder, readlinkSync(at))
  }
  return null
}

function existingFolder(path: string): string | null {
  try {
    return realpathSync(path)
  } catch {
    return null
  }
}

/** File systems in which the kernel shows itself, by statfs' f_type: linux/magic.h. */
const KERNEL_FILESYSTEMS: ReadonlySet<number> = new Set([
  0x9fa0, // proc
  0x62656572, // sysfs
  0x1cd1, // devpts
  0x27e0eb, // cgroup
  0x63677270, // cgroup2
  0x64626720, // debugfs
  0x74726163, // tracefs
  0x73636673, // securityfs
  0x62656570, // configfs
  0xcafe4a11, // bpf
  0x6165676c, // pstore
  0xde5e81e4, // efivarfs
  0x19800202, // mqueue
])

function requireOrdinaryFolder(folder: string): void {
  const { dev } = statSync(folder)
  const isKernels = KERNEL_FILESYSTEMS.has(statfsSync(folder).type)
  // devtmpfs calls itself tmpfs. /dev/shm lies below /dev and is another file system, for everybody's files.
  const devices = statSync('/dev', { throwIfNoEntry: false })?.dev
  const isBelow = folder === '/dev' || folder.startsWith('/dev/')
  const isDevices = dev === devices && (isBelow || dev !== statSync('/').dev)
  if (isKernels || isDevices)
    throw new Error('would be a regular file in a folder of devices or of the kernel')
}
