/** Counts the page cache behind files that are held open, each page once, however many containers read through it. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { BenchError, ExitCode } from '../contracts/error.ts'
import type { Syscalls } from '../contracts/syscalls.ts'

const PAGE = 4096
// linux/fadvise.h
const POSIX_FADV_DONTNEED = 4
/** Number of attempts: another program may drop what was read, or have a page in its hands for a moment. */
const ATTEMPTS = 3
const CHUNK = 1024 ** 2

type HeldSyscalls = Pick<Syscalls, 'residentPages' | 'fadvise'>

/** A file that was read through this descriptor, which is still open. */
export interface HeldFile {
  fd: number
  /** For messages. */
  path: string
  /** Finds the files beneath it through whose page cache it is read as well. */
  beneath(): Promise<readonly string[]>
}

/**
 * Returns the bytes of page cache that each group of files takes and no group before it: looks at a file (mincore(2)), counts
 * its pages, drops them (posix_fadvise(2), POSIX_FADV_DONTNEED) and goes on to the next. Pages that two files share are gone
 * when the second is looked at. It looks through the descriptors that were read: a FUSE file loses its pages when it is opened
 * again (fs/fuse/file.c, fuse_finish_open). Throws `cache.wrong` where a file does not stay in the cache, or its
 * pages do not leave it.
 */
export async function countHeld(
  syscalls: HeldSyscalls,
  groups: readonly (readonly HeldFile[])[],
): Promise<number[]> {
  for (const file of groups.flat()) await requireWhole(syscalls, file)
  const counted: number[] = []
  for (const group of groups) {
    let bytes = 0
    for (const file of group) {
      bytes += takeOut(syscalls, file.fd, file.path)
      for (const path of await file.beneath()) bytes += opened(path, (fd) => takeOut(syscalls, fd, path))
    }
    counted.push(bytes)
  }
  return counted
}

/** Some cache on the way to the file has to hold it whole. What another program has dropped is read again. */
async function requireWhole(syscalls: HeldSyscalls, file: HeldFile): Promise<void> {
  for (let attempt = 1; !(await isWhole(syscalls, file)); attempt += 1) {
    if (attempt === ATTEMPTS) {
      throw wrong(
        `${file.path} was read and is not in the page cache`,
        'use less: containers=, files=, size=',
      )
    }
    readAgain(file.fd)
  }
}

async function isWhole(syscalls: HeldSyscalls, { fd, beneath }: HeldFile): Promise<boolean> {
  const pages = Math.ceil(fstatSync(fd).size / PAGE)
  const holdsAll = (level: number) => lookAt(syscalls, level).resident >= pages
  if (holdsAll(fd)) return true
  for (const path of await beneath()) if (opened(path, holdsAll)) return true
  return false
}

function readAgain(fd: number): void {
  const buffer = Buffer.alloc(CHUNK)
  for (let at = 0, count = 1; count > 0; at += count) count = readSync(fd, buffer, 0, CHUNK, at)
}

/** Counts the pages of a file and drops them. Returns bytes. */
function takeOut(syscalls: HeldSyscalls, fd: number, path: string): number {
  const { resident } = lookAt(syscalls, fd)
  let left = resident
  for (let attempt = 0; left > 0 && attempt < ATTEMPTS; attempt += 1) {
    syscalls.fadvise(fd, 0, 0, POSIX_FADV_DONTNEED)
    left = lookAt(syscalls, fd).resident
  }
  if (left > 0)
    throw wrong(`${left} pages of ${path} do not leave the page cache`, 'stop programs that map it')
  return resident * PAGE
}

function lookAt(syscalls: HeldSyscalls, fd: number): { resident: number } {
  return syscalls.residentPages(fd, fstatSync(fd).size)
}

function opened<T>(path: string, look: (fd: number) => T): T {
  const fd = openSync(path, 'r')
  try {
    return look(fd)
  } finally {
    closeSync(fd)
  }
}

function wrong(message: string, hint: string): BenchError {
  return new BenchError(`the page cache cannot be counted: ${message}`, {
    code: 'cache.wrong',
    hint,
    exitCode: ExitCode.cellFailed,
  })
}
