/** Copies a tree as `cp -a` does, and moves a directory as `mv` does. */
import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  fchmodSync,
  ftruncateSync,
  lchownSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  renameSync,
  symlinkSync,
  writeSync,
  type Stats,
} from 'node:fs'
import { errnoOf, type Syscalls } from '../../harness/contracts/syscalls.ts'
import { removeTree } from './walk.ts'

/** A clone where the file system can make one, else copy_file_range(2): coreutils 9, --reflink=auto. */
const COPY_MODE = constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE
/** stat(2) counts blocks in this unit. */
const STAT_BLOCK = 512
const PERMISSIONS = 0o7777
const PIECE = 128 * 1024
const buffer = Buffer.allocUnsafeSlow(PIECE)

type CopyCalls = Pick<Syscalls, 'dataRanges' | 'mknod'>

/** Copies a directory with all below it to a new name: bytes, holes, links, times, owners, permissions. Returns how many entries. */
export function copyTree(from: string, to: string, syscalls: CopyCalls): number {
  const stat = lstatSync(from)
  mkdirSync(to, 0o700)
  let entries = 1
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [`${from}/${entry.name}`, `${to}/${entry.name}`]
    if (entry.isDirectory()) entries += copyTree(source, target, syscalls)
    else {
      copyEntry(source, target, syscalls)
      entries += 1
    }
  }
  keepAttributes(to, stat)
  return entries
}

/** Copies what is no directory. */
export function copyEntry(from: string, to: string, syscalls: CopyCalls): void {
  const stat = lstatSync(from)
  if (stat.isSymbolicLink()) symlinkSync(readlinkSync(from), to)
  else if (!stat.isFile()) syscalls.mknod(to, stat.mode, stat.rdev)
  else if (stat.blocks * STAT_BLOCK < stat.size) copyData(from, to, stat, syscalls)
  else copyFileSync(from, to, COPY_MODE)
  keepAttributes(to, stat)
}

/** Copies the parts of a file that hold data, as cp does with one that has fewer blocks than bytes. */
function copyData(from: string, to: string, { size, mode }: Stats, syscalls: CopyCalls): void {
  const source = openSync(from, 'r')
  const target = openSync(to, 'wx', mode & PERMISSIONS)
  try {
    for (const { start, end } of syscalls.dataRanges(source, size)) {
      for (let at = start; at < end;) {
        const got = readSync(source, buffer, 0, Math.min(PIECE, end - at), at)
        if (got === 0) break
        for (let put = 0; put < got;) put += writeSync(target, buffer, put, got - put, at + put)
        at += got
      }
    }
    ftruncateSync(target, size)
    fchmodSync(target, mode & PERMISSIONS)
  } finally {
    closeSync(source)
    closeSync(target)
  }
}

function keepAttributes(path: string, { atimeMs, mtimeMs, uid, gid, mode }: Stats): void {
  lutimesSync(path, atimeMs / 1000, mtimeMs / 1000)
  lchownSync(path, uid, gid)
  if ((mode & constants.S_IFMT) !== constants.S_IFLNK) chmodSync(path, mode & PERMISSIONS)
}

/** How a directory got its new name. */
export interface Moved {
  renamed: number
  /** Directories that rename(2) refused with EXDEV: they were copied and then removed. */
  copied: number
  /** Entries of these. */
  entriesCopied: number
}

/** Gives directories new names, as mv does: by rename(2), and where that answers EXDEV by copying and removing. */
export function moveDirectories(
  pairs: readonly (readonly [string, string])[],
  syscalls: CopyCalls,
  rename: typeof renameSync = renameSync,
): Moved {
  const moved: Moved = { renamed: 0, copied: 0, entriesCopied: 0 }
  for (const [from, to] of pairs) {
    if (isRenamed(from, to, rename)) {
      moved.renamed += 1
      continue
    }
    moved.entriesCopied += copyTree(from, to, syscalls)
    removeTree(from)
    moved.copied += 1
  }
  return moved
}

function isRenamed(from: string, to: string, rename: typeof renameSync): boolean {
  try {
    rename(from, to)
    return true
  } catch (error) {
    if (errnoOf(error) === 'EXDEV') return false
    throw error
  }
}
