/** Brings files into a stated cache state, and looks whether they are in it. */
import { closeSync, fstatSync, openSync, readSync, writeFileSync } from 'node:fs'
import type { Syscalls } from '../contracts/syscalls.ts'

const CHUNK = 1024 * 1024
const buffer = Buffer.alloc(CHUNK)

/**
 * Drops clean page cache, dentries and inodes of the whole host: /proc/sys/vm/drop_caches,
 * Documentation/admin-guide/sysctl/vm.rst. Dirty pages stay, so sync first.
 */
export function dropCaches(): void {
  writeFileSync('/proc/sys/vm/drop_caches', '3')
}

/** Reads a file from its beginning to its end. */
export function readThrough(path: string): void {
  const fd = openSync(path, 'r')
  try {
    while (readSync(fd, buffer, 0, CHUNK, null) > 0);
  } finally {
    closeSync(fd)
  }
}

/** The share of a file's pages that the page cache holds: mincore(2). 1 for an empty file. */
export function residentShare(syscalls: Syscalls, path: string): number {
  const fd = openSync(path, 'r')
  try {
    const { resident, total } = syscalls.residentPages(fd, fstatSync(fd).size)
    return total === 0 ? 1 : resident / total
  } finally {
    closeSync(fd)
  }
}
