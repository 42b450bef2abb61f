/** Writes one layer into the mounted view of those below it, and notes what it wrote. */
import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { errnoOf } from '../../harness/contracts/syscalls.ts'
import type { ManifestEntry } from '../../harness/contracts/image.ts'
import type { ContentKey } from './content.ts'
import { writeContent } from './files.ts'

const DIRECTORY_MODE = 0o755
const LINK_MODE = 0o777

export interface LayerWriter {
  readonly entries: readonly ManifestEntry[]
  /** Makes a directory that is not there, and those above it. */
  directory(path: string, mode?: number): void
  /** A file of seeded content. `replaces`: one of a lower layer is deleted first, as an unpacker does. */
  content(path: string, content: ContentKey, size: number, mode: number, replaces?: boolean): void
  bytes(path: string, content: Buffer | string, mode: number): void
  link(path: string, target: string): void
}

export function createLayerWriter(root: string): LayerWriter {
  const entries: ManifestEntry[] = []
  const seen = new Set<string>(['.'])
  const owner = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }

  function directory(path: string, mode = DIRECTORY_MODE): void {
    if (seen.has(path)) return
    directory(dirname(path))
    seen.add(path)
    if (!makeDirectory(join(root, path), mode)) return
    entries.push({ path, type: 'directory', mode, ...owner, size: 0, digest: '' })
  }

  return {
    entries,
    directory,
    content(path, content, size, mode, replaces = false) {
      directory(dirname(path))
      const target = join(root, path)
      if (replaces) rmSync(target)
      const digest = writeContent(target, content, size, mode)
      entries.push({ path, type: 'file', mode, ...owner, size, digest })
    },
    bytes(path, content, mode) {
      directory(dirname(path))
      const bytes = Buffer.from(content)
      writeFileSync(join(root, path), bytes, { mode, flag: 'wx' })
      chmodSync(join(root, path), mode)
      const digest = createHash('sha256').update(bytes).digest('hex')
      entries.push({ path, type: 'file', mode, ...owner, size: bytes.length, digest })
    },
    link(path, target) {
      directory(dirname(path))
      symlinkSync(target, join(root, path))
      entries.push({ path, type: 'symlink', mode: LINK_MODE, ...owner, size: 0, digest: target })
    },
  }
}

/** Returns false when it is there already. The mode is set again, since the umask may have taken from it. */
function makeDirectory(path: string, mode: number): boolean {
  try {
    mkdirSync(path)
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false
    throw error
  }
  chmodSync(path, mode)
  return true
}
