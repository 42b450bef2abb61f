/** Copies a directory tree whole, in this process and without its thread pool. */
import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  ftruncateSync,
  linkSync,
  lchownSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  symlinkSync,
  writeSync,
  type Stats,
} from 'node:fs'
import type { Syscalls } from '../../harness/contracts/syscalls.ts'

/**
 * How the bytes of a file are copied.
 * - `clone`: FICLONE; fails where the file system cannot share extents.
 * - `kernel`: copy_file_range(2). On xfs and btrfs this shares extents too (vfs_copy_file_range's first try
 *   is remap_file_range, fs/read_write.c), so it makes a copy only where nothing can be shared.
 * - `buffer`: read(2) and write(2). Never shares.
 */
export type ContentCopy = 'clone' | 'kernel' | 'buffer'

const BUFFER_SIZE = 1 << 20
const SECTOR = 512

interface Copying {
  syscalls: Syscalls
  content: ContentCopy
  buffer: Buffer
  /** First copy of each file that has several links, by device and inode. */
  links: Map<string, string>
}

/**
 * Copies the directory `from` to `to`, which must not exist: content with its holes, mode, owner, extended attributes,
 * access and modification time (to the microsecond, which is what Node sets), hard links among the files of the tree,
 * symbolic links, device nodes, sockets and FIFOs.
 */
export function copyTree(syscalls: Syscalls, from: string, to: string, content: ContentCopy): void {
  const copying: Copying = {
    syscalls,
    content,
    buffer: Buffer.allocUnsafe(BUFFER_SIZE),
    links: new Map(),
  }
  copyDirectory(copying, from, to, lstatSync(from))
}

function copyDirectory(copying: Copying, from: string, to: string, stat: Stats): void {
  mkdirSync(to)
  for (const name of readdirSync(from)) copyEntry(copying, `${from}/${name}`, `${to}/${name}`)
  // Last: each new entry has changed the directory's modification time.
  copyMetadata(copying, from, to, stat)
}

function copyEntry(copying: Copying, from: string, to: string): void {
  const stat = lstatSync(from)
  if (stat.isDirectory()) return copyDirectory(copying, from, to, stat)
  if (stat.nlink > 1) {
    const key = `${stat.dev}:${stat.ino}`
    const first = copying.links.get(key)
    if (first !== undefined) return linkSync(first, to)
    copying.links.set(key, to)
  }
  if (stat.isFile()) copyContent(copying, from, to, stat)
  else if (stat.isSymbolicLink()) symlinkSync(readlinkSync(from), to)
  else copying.syscalls.mknod(to, stat.mode, stat.rdev)
  copyMetadata(copying, from, to, stat)
}

/** Owner before mode: chown(2) clears the set-user-ID bit. Times last: the other calls change them. */
function copyMetadata({ syscalls }: Copying, from: string, to: string, stat: Stats): void {
  lchownSync(to, stat.uid, stat.gid)
  if (!stat.isSymbolicLink()) chmodSync(to, stat.mode & 0o7777)
  for (const name of syscalls.llistxattr(from)) {
    const value = syscalls.lgetxattr(from, name)
    if (value !== null) syscalls.lsetxattr(to, name, value)
  }
  lutimesSync(to, stat.atimeMs / 1000, stat.mtimeMs / 1000)
}

function copyContent(copying: Copying, from: string, to: string, stat: Stats): void {
  if (copying.content === 'clone') return copyFileSync(from, to, constants.COPYFILE_FICLONE_FORCE)
  const sparse = stat.blocks * SECTOR < stat.size
  if (copying.content === 'kernel' && !sparse) return copyFileSync(from, to, constants.COPYFILE_EXCL)
  const source = openSync(from, 'r')
  const target = openSync(to, 'wx')
  try {
    const ranges = sparse ? copying.syscalls.dataRanges(source, stat.size) : [{ start: 0, end: stat.size }]
    for (const { start, end } of ranges) copyRange(copying.buffer, source, target, start, end)
    if (sparse) ftruncateSync(target, stat.size)
  } finally {
    closeSync(source)
    closeSync(target)
  }
}

function copyRange(buffer: Buffer, source: number, target: number, start: number, end: number): void {
  let position = start
  while (position < end) {
    const read = readSync(source, buffer, 0, Math.min(buffer.length, end - position), position)
    if (read === 0) return
    for (let written = 0; written < read;) {
      written += writeSync(target, buffer, written, read - written, position + written)
    }
    position += read
  }
}
