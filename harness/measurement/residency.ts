/** Which of a file's pages the page cache holds: mincore(2), on the file and on those beneath it. */
import { closeSync, fstatSync, openSync, statSync } from 'node:fs'
import { messageOf } from '../contracts/error.ts'
import type { Syscalls } from '../contracts/syscalls.ts'

const PAGE = 4096

type Mincore = Pick<Syscalls, 'residentPages'>

/** A file of a container, and those beneath it through whose page cache it is read as well. */
export interface CachedFile {
  path: string
  /** Asked for only where the file's own pages do not tell enough: to find them takes longer than to look at them. */
  beneath(): Promise<readonly string[]>
}

/** One of the caches on the way to a file. */
export interface Level {
  path: string
  /** Pages. */
  resident: number
  total: number
}

export interface Residency {
  /** Pages of the file itself. */
  pages: number
  /** Files whose residency is known: the file first, then those beneath it. */
  levels: readonly Level[]
  /** Why some level could not be looked at; null where all could. */
  unknown: string | null
}

/**
 * Looks at every level, or at the file itself alone where that is `enough`; reads no data, but brings inodes and directories
 * into the cache.
 */
export async function residencyOf(
  syscalls: Mincore,
  { path, beneath }: CachedFile,
  enough: (seen: Residency) => boolean = () => false,
): Promise<Residency> {
  const pages = Math.ceil(statSync(path).size / PAGE)
  const own = lookAtLevels(syscalls, [path], pages)
  return enough(own) ? own : merged(own, lookAtLevels(syscalls, await beneath(), pages))
}

function lookAtLevels(syscalls: Mincore, paths: readonly string[], pages: number): Residency {
  const levels: Level[] = []
  const unknown: string[] = []
  for (const each of paths) {
    try {
      levels.push({ path: each, ...residentPages(syscalls, each) })
    } catch (error) {
      unknown.push(`${each}: ${messageOf(error)}`)
    }
  }
  return { pages, levels, unknown: unknown.length === 0 ? null : unknown.join('; ') }
}

function merged(own: Residency, beneath: Residency): Residency {
  const unknown = [own.unknown, beneath.unknown].filter((reason) => reason !== null)
  return {
    pages: own.pages,
    levels: [...own.levels, ...beneath.levels],
    unknown: unknown.length === 0 ? null : unknown.join('; '),
  }
}

/** Returns the share of a file's pages that the page cache holds; 1 for an empty file. */
export function residentShare(syscalls: Mincore, path: string): number {
  return shareOf({ path, ...residentPages(syscalls, path) })
}

export function shareOf({ resident, total }: Level): number {
  return total === 0 ? 1 : resident / total
}

/** Returns the bytes of a file that some cache on the way to it holds; null where none could be looked at. */
export async function cachedBytes(syscalls: Mincore, file: CachedFile): Promise<number | null> {
  const { levels, pages } = await residencyOf(syscalls, file)
  // One that is larger holds a whole file system: which of its pages are the file's is not known.
  const own = levels.filter((level) => level.total <= pages)
  if (own.length === 0) return null
  const bytes = Math.max(...own.map(({ resident }) => resident)) * PAGE
  return Math.min(bytes, statSync(file.path).size)
}

function residentPages(syscalls: Mincore, path: string): { resident: number; total: number } {
  const fd = openSync(path, 'r')
  try {
    return syscalls.residentPages(fd, fstatSync(fd).size)
  } finally {
    closeSync(fd)
  }
}
