/** Deletes what a run made, and nothing that someone put in its way. */
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  rmdirSync,
  unlinkSync,
  type Stats,
} from 'node:fs'
import { basename, dirname } from 'node:path'
import { errnoOf } from '../contracts/syscalls.ts'
import { NotOurs } from './not-ours.ts'

const { O_DIRECTORY, O_NOFOLLOW, O_RDONLY } = constants

/**
 * Deletes a file, or a folder with what is in it; returns false where it is not there. A symbolic link is deleted, what it
 * points to stays.
 *
 * Throws where a folder on the way is a symbolic link, or what is to be deleted is another user's, or lies on another file
 * system than what holds it. Each folder is opened before anything in it is touched, and reached by its descriptor, so that
 * nobody who may write on the way can put another in its place meanwhile.
 */
export function removeOwn(path: string): boolean {
  const parent = openFolders(dirname(path))
  if (parent === null) return false
  try {
    const stat = lstatSync(below(parent, basename(path)), { throwIfNoEntry: false })
    if (stat === undefined) return false
    requireOwn(stat, path)
    removeBelow(parent, basename(path), path, fstatSync(parent).dev)
    return true
  } finally {
    closeSync(parent)
  }
}

function requireOwn({ uid }: Stats, path: string): void {
  const own = process.geteuid?.()
  if (uid !== own) throw new NotOurs(`${path} belongs to user ${uid}, not to user ${own}`)
}

/** The kernel resolves such a path from the folder that is open, wherever that has gone since. */
function below(folder: number, name: string): string {
  return `/proc/self/fd/${folder}/${name}`
}

/** Opens an absolute path one part after the other; null where one is not there. */
function openFolders(path: string): number | null {
  let fd = openSync('/', O_RDONLY | O_DIRECTORY)
  for (const part of path.split('/').filter(Boolean)) {
    const next = openFolder(fd, part, path)
    closeSync(fd)
    if (next === null) return null
    fd = next
  }
  return fd
}

function openFolder(parent: number, name: string, path: string): number | null {
  try {
    return openSync(below(parent, name), O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
  } catch (error) {
    const errno = errnoOf(error)
    if (errno === 'ENOENT') return null
    // With O_DIRECTORY a link is answered by ENOTDIR: open(2).
    const isOdd = errno === 'ENOTDIR' || errno === 'ELOOP'
    throw isOdd ? new NotOurs(`${path}: ${name} is a symbolic link or no folder`, { cause: error }) : error
  }
}

function removeBelow(parent: number, name: string, path: string, device: number): void {
  if (!lstatSync(below(parent, name)).isDirectory()) {
    unlinkSync(below(parent, name))
    return
  }
  const folder = openFolder(parent, name, path)
  if (folder === null) return
  try {
    if (fstatSync(folder).dev !== device) throw new NotOurs(`${path} lies on another file system`)
    for (const entry of readdirSync(below(folder, '.')))
      removeBelow(folder, entry, `${path}/${entry}`, device)
  } finally {
    closeSync(folder)
  }
  rmdirSync(below(parent, name))
}
