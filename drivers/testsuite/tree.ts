/** A directory tree as a list of entries, and its hash. */
import { createHash } from 'node:crypto'
import { lstatSync, readFileSync, readdirSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { ManifestEntry } from '../../harness/contracts/image.ts'

export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex')
}

/** Reads every entry below `root`, contents included. Folders come before what is in them. */
export function readTree(root: string, folder = ''): ManifestEntry[] {
  const entries: ManifestEntry[] = []
  for (const name of readdirSync(join(root, folder)).sort()) {
    const path = join(folder, name)
    const entry = readEntry(root, path)
    entries.push(entry)
    if (entry.type === 'directory') entries.push(...readTree(root, path))
  }
  return entries
}

function readEntry(root: string, path: string): ManifestEntry {
  const full = join(root, path)
  const stat = lstatSync(full)
  const common = { path, mode: stat.mode & 0o7777, uid: stat.uid, gid: stat.gid }
  if (stat.isDirectory()) return { ...common, type: 'directory', size: 0, digest: '' }
  if (stat.isSymbolicLink())
    return { ...common, type: 'symlink', size: 0, digest: sha256(readlinkSync(full)) }
  return { ...common, type: 'file', size: stat.size, digest: sha256(readFileSync(full)) }
}

/** SHA-256 over entries in the order of their paths. */
export function treeHash(entries: readonly ManifestEntry[]): string {
  const hash = createHash('sha256')
  for (const entry of [...entries].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const { path, type, mode, uid, gid, size, digest } = entry
    hash.update(`${JSON.stringify([path, type, mode, uid, gid, size, digest])}\n`)
  }
  return hash.digest('hex')
}
