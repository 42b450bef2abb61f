import { randomBytes } from 'node:crypto'
import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { onUserPath } from '../contracts/host-error.ts'

export interface Keeping {
  /** Permission bits; default: what the umask leaves of 0666. */
  mode?: number
  /** Owner and group; default: those of this process. */
  owner?: { uid: number; gid: number }
}

/**
 * Writes a file beside the old one, syncs it and renames it into its place: a reader sees the old one or the new one
 * whole, also after a crash. A link at `path` is replaced, not followed. Throws what the system calls throw, and then
 * leaves the old file and nothing else. The folder is one that a person chose.
 *
 * The name beside is random and must be new, so that no link that lies there is followed and no file there is lost.
 */
export function replaceFile(path: string, content: string, keeping: Keeping = {}): void {
  onUserPath(() => replace(path, content, keeping))
}

function replace(path: string, content: string, { mode, owner }: Keeping): void {
  const folder = dirname(path)
  const temporary = join(folder, `.bench-${randomBytes(8).toString('hex')}.tmp`)
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants
  const fd = openSync(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode ?? 0o666)
  try {
    try {
      if (owner !== undefined) fchownSync(fd, owner.uid, owner.gid)
      if (mode !== undefined) fchmodSync(fd, mode)
      writeFileSync(fd, content)
      fsyncSync(fd)
    } finally {
      closeSync(fd)
    }
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
  syncFolder(folder)
}

/** Makes the names in a folder durable: fsync(2). */
function syncFolder(path: string): void {
  const fd = openSync(path, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}
