/** The image that most checks stand on: two layers of fixed bytes. */
import { createHash } from 'node:crypto'
import { chmodSync, chownSync, lchownSync, lutimesSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ManifestEntry } from '../../harness/contracts/image.ts'
import { sha256 } from './tree.ts'

/** Bytes of `data/big`. */
export const BIG_SIZE = 1024 ** 2
/** Bytes of `tool`. */
export const TOOL_SIZE = 65536
/** Seconds since the epoch: the time of every entry of the image. */
export const IMAGE_TIME = 1_000_000_000

type Part =
  | { path: string; type: 'directory'; mode: number; owner?: number }
  | { path: string; type: 'file'; mode: number; owner?: number; content: string | Uint8Array }
  | { path: string; type: 'symlink'; target: string }

const LOWER: readonly Part[] = [
  { path: 'data', type: 'directory', mode: 0o755 },
  { path: 'data/big', type: 'file', mode: 0o644, content: seededBytes('big', BIG_SIZE) },
  { path: 'data/empty', type: 'file', mode: 0o644, content: '' },
  { path: 'data/naïve ‚name’, 100 %', type: 'file', mode: 0o644, content: 'odd name' },
  { path: 'doc', type: 'directory', mode: 0o750, owner: 7 },
  { path: 'doc/deep', type: 'directory', mode: 0o700, owner: 1000 },
  { path: 'doc/deep/three', type: 'file', mode: 0o600, owner: 1000, content: 'three' },
  { path: 'doc/one', type: 'file', mode: 0o644, content: 'one' },
  { path: 'doc/two', type: 'file', mode: 0o640, owner: 7, content: 'two' },
  { path: 'etc', type: 'directory', mode: 0o755 },
  { path: 'etc/config', type: 'file', mode: 0o644, content: 'setting=lower\n' },
  { path: 'etc/current', type: 'symlink', target: 'config' },
  { path: 'tmp', type: 'directory', mode: 0o1777 },
  { path: 'tool', type: 'file', mode: 0o4755, content: seededBytes('tool', TOOL_SIZE) },
]

const UPPER: readonly Part[] = [
  { path: 'etc/config', type: 'file', mode: 0o600, content: 'setting=upper\n' },
  { path: 'opt', type: 'directory', mode: 0o755 },
  { path: 'opt/added', type: 'file', mode: 0o644, content: 'added' },
]

/** Fills the layers, bottom up. */
export const imageLayers: readonly ((root: string) => void)[] = [LOWER, UPPER].map(
  (parts) => (root) => write(root, parts),
)

/** Expected tree of the image in a container: computed from what is written, never read back. */
export const imageManifest: readonly ManifestEntry[] = [
  ...new Map([...LOWER, ...UPPER].map((part) => [part.path, entryOf(part)])).values(),
]

/** The same `length` bytes for the same seed, everywhere. */
export function seededBytes(seed: string, length: number): Buffer {
  return createHash('shake256', { outputLength: length }).update(seed).digest()
}

function write(root: string, parts: readonly Part[]): void {
  for (const part of parts) {
    const path = join(root, part.path)
    if (part.type === 'symlink') {
      symlinkSync(part.target, path)
      lchownSync(path, 0, 0)
      continue
    }
    if (part.type === 'directory') mkdirSync(path)
    else writeFileSync(path, part.content)
    chownSync(path, part.owner ?? 0, part.owner ?? 0)
    // After chown, which clears the set-user-ID bit.
    chmodSync(path, part.mode)
  }
  // Last, since making an entry changes the time of its folder.
  for (const part of parts) lutimesSync(join(root, part.path), IMAGE_TIME, IMAGE_TIME)
}

function entryOf(part: Part): ManifestEntry {
  const { path, type } = part
  if (type === 'symlink')
    return { path, type, mode: 0o777, uid: 0, gid: 0, size: 0, digest: sha256(part.target) }
  const owned = { path, mode: part.mode, uid: part.owner ?? 0, gid: part.owner ?? 0 }
  if (type === 'directory') return { ...owned, type, size: 0, digest: '' }
  const content = Buffer.from(part.content)
  return { ...owned, type, size: content.length, digest: sha256(content) }
}
