/** Brings files into a stated cache state, and looks whether they are in it. */
import { writeFileSync } from 'node:fs'
import { BenchError, ExitCode } from '../contracts/error.ts'
import type { CacheState } from '../contracts/cell.ts'
import type { Syscalls } from '../contracts/syscalls.ts'
import { uncachedShare, type HiddenCache } from './hidden-cache.ts'
import { readThrough } from './read-through.ts'
import { residencyOf, shareOf, type CachedFile, type Level, type Residency } from './residency.ts'

/** Number of attempts to reach a state: a page may come back while it is checked. */
const ATTEMPTS = 3
/** Share of a file's pages that may be cached: readahead of a neighbour, or the check itself, brings a few back. */
const COLD_SHARE = 0.01
const WARM_SHARE = 0.99
/** Pages: one readahead. A file that holds a whole file system has other things in it than the file in question. */
const NEIGHBOURS = 32

export interface CacheTarget {
  syscalls: Pick<Syscalls, 'residentPages'>
  state: CacheState
  files: readonly CachedFile[]
  /** Writes everything back: what is dirty cannot be dropped. */
  settle(): Promise<void>
  /** Cache of a store that also caches outside the page cache. */
  hidden?: HiddenCache | undefined
}

/**
 * Settles, drops the caches (cold) or reads the files through (warm), and looks at each of them. Returns why that could
 * not be done for some, as a sentence, or null. Throws `cache.wrong` when the files were seen not to be in the state,
 * again and again: somebody reads them or holds them mapped, or they do not fit into memory.
 */
export async function establish(target: CacheTarget): Promise<string | null> {
  const { syscalls, state, files, hidden } = target
  if (state === 'warm' && hidden !== undefined) return warmByReading(target, hidden)
  for (let attempt = 1; ; attempt += 1) {
    await target.settle()
    if (state === 'cold') await forgetAll(hidden)
    const seen: Residency[] = []
    for (const file of files) seen.push(await lookAt(syscalls, state, file))
    const wrong = seen.flatMap((residency) => deviation(state, residency) ?? [])
    if (wrong.length > 0 && attempt < ATTEMPTS) continue
    if (wrong.length > 0) throw cacheWrong(state, `${countOf(wrong, files)} not: ${wrong[0]}`)
    // To look at a file brings its inode and the directories above it back.
    if (state === 'cold' && files.length > 0) dropCaches()
    const unknown = seen.flatMap((residency) => notVerified(state, residency) ?? [])
    return unknown.length === 0 ? null : `${countOf(unknown, files)} not looked at: ${unknown[0]}`
  }
}

/** Reading them brings them into a cache that cannot be looked into; reading them once more shows whether it kept them. */
async function warmByReading({ files, settle }: CacheTarget, hidden: HiddenCache): Promise<null> {
  const paths = files.map(({ path }) => path)
  for (let attempt = 1; ; attempt += 1) {
    await settle()
    for (const path of paths) readThrough(path)
    const share = uncachedShare(paths, hidden)
    if (share <= 1 - WARM_SHARE) return null
    if (attempt === ATTEMPTS) {
      throw cacheWrong('warm', `read again, ${Math.round(share * 100)} % of it came from the device`)
    }
  }
}

/** Drops what the host caches, and lets the store forget what it caches elsewhere. */
export async function forgetAll(hidden: HiddenCache | undefined): Promise<void> {
  await hidden?.forget()
  // Last: to mount a file system again reads, and a loop device below it may have a page cache of its own.
  dropCaches()
}

/** The sample would say of itself what it is not. */
export function cacheWrong(state: CacheState, what: string): BenchError {
  return new BenchError(`the cache should be ${state}: ${what}`, {
    code: 'cache.wrong',
    hint:
      state === 'cold'
        ? 'stop other programs that read the scratch or map its files'
        : 'use smaller files, or more memory',
    exitCode: ExitCode.cellFailed,
  })
}

/**
 * Drops clean page cache, dentries and inodes of the whole host: /proc/sys/vm/drop_caches,
 * Documentation/admin-guide/sysctl/vm.rst. Dirty pages and mapped ones stay.
 *
 * Twice: ext4's journal holds blocks of metadata that are long in place, until the first time asks its shrinker
 * (fs/jbd2/journal.c, jbd2_journal_shrink_scan), which the kernel does after it has dropped the pages.
 */
export function dropCaches(): void {
  for (let time = 0; time < 2; time += 1) writeFileSync('/proc/sys/vm/drop_caches', '3')
}

async function lookAt(
  syscalls: CacheTarget['syscalls'],
  state: CacheState,
  file: CachedFile,
): Promise<Residency> {
  if (state === 'cold') return residencyOf(syscalls, file)
  const seen = await residencyOf(syscalls, file, isWarm)
  if (isWarm(seen)) return seen
  readThrough(file.path)
  return residencyOf(syscalls, file, isWarm)
}

/** Returns how the cache differs from the stated state, or null. */
function deviation(state: CacheState, seen: Residency): string | null {
  if (state === 'cold') {
    const held = seen.levels.find((level) => level.resident > allowed(level, seen.pages))
    return held === undefined ? null : describe(held)
  }
  const [own] = seen.levels
  return isWarm(seen) || own === undefined || seen.unknown !== null ? null : describe(own)
}

/** Warm is verified where some level holds all, whatever the others are. */
function notVerified(state: CacheState, seen: Residency): string | null {
  return state === 'warm' && isWarm(seen) ? null : seen.unknown
}

/** Reading the file reads nothing of the device: one of the caches on the way to it holds it whole. */
function isWarm({ levels, pages }: Residency): boolean {
  // A block device beneath has no size of its own.
  return levels.some((level) => level.total >= pages && shareOf(level) >= WARM_SHARE)
}

/** Returns how many cached pages a cold file of `pages` pages may have. */
function allowed(level: Level, pages: number): number {
  return COLD_SHARE * pages + (level.total > pages ? NEIGHBOURS : 0)
}

function describe(level: Level): string {
  return `${level.path} has ${Math.round(shareOf(level) * 100)} % of its pages cached`
}

function countOf(some: readonly string[], files: readonly CachedFile[]): string {
  return `${some.length} of ${files.length} files ${some.length === 1 ? 'was' : 'were'}`
}
