/** Brings files into a stated cache state, and looks whether they are in it. */
import { closeSync, fstatSync, openSync, readSync, writeFileSync } from 'node:fs'
import type { CacheState } from '../contracts/scenario.ts'
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

/** A few pages may come back by readahead of a neighbour or by the check itself. */
const COLD_SHARE = 0.01
const WARM_SHARE = 0.99

/**
 * Reads the files through (warm), or leaves them as dropping the caches left them (cold), then looks at each. Returns
 * what does not hold, as a sentence, or null.
 */
export function establish(syscalls: Syscalls, state: CacheState, paths: readonly string[]): string | null {
  const wrong: number[] = []
  for (const path of paths) {
    let share = residentShare(syscalls, path)
    if (state === 'warm' && share < 1) {
      readThrough(path)
      share = residentShare(syscalls, path)
    }
    if (state === 'cold' ? share > COLD_SHARE : share < WARM_SHARE) wrong.push(share)
  }
  if (wrong.length === 0) return null
  const worst = state === 'cold' ? Math.max(...wrong) : Math.min(...wrong)
  const percent = Math.round(worst * 100)
  return `the cache was to be ${state}; ${wrong.length} of ${paths.length} files were not, one of them with ${percent} % of its pages resident`
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
