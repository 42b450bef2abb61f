/** The tree that a container sees, as a manifest and its hash. */
import { createHash } from 'node:crypto'
import { closeSync, lstatSync, openSync, readSync, readdirSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { ManifestEntry } from '../contracts/image.ts'
import { specialFile } from '../linux/special-file.ts'
import { attributesOfImage } from '../linux/extended-attributes.ts'

const CHUNK = 1024 * 1024
const buffer = Buffer.alloc(CHUNK)

/** SHA-256 of a file's content, hexadecimal. */
export function hashFile(path: string): string {
  const hash = createHash('sha256')
  const fd = openSync(path, 'r')
  try {
    for (;;) {
      const length = readSync(fd, buffer, 0, CHUNK, null)
      if (length === 0) return hash.digest('hex')
      hash.update(buffer.subarray(0, length))
    }
  } finally {
    closeSync(fd)
  }
}

/** Layers' entries, bottom up, as the stack of them shows: a later entry replaces an earlier one of its path. */
export function mergeLayers(layers: readonly (readonly ManifestEntry[])[]): Map<string, ManifestEntry> {
  const merged = new Map<string, ManifestEntry>()
  for (const layer of layers) for (const entry of layer) merged.set(entry.path, entry)
  return merged
}

/**
 * Returns the SHA-256 over all entries, sorted by path: type, mode, owner, size, content, extended attributes. It leaves times out: drivers
 * that copy set new ones, and no workload here reads them.
 */
export function manifestHash(entries: Iterable<ManifestEntry>): string {
  const hash = createHash('sha256')
  for (const entry of [...entries].toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    const { path, type, mode, uid, gid, size, digest, attributes } = entry
    const shown = [path, type, mode, uid, gid, size, digest]
    hash.update(JSON.stringify(attributes === undefined ? shown : [...shown, sorted(attributes)]))
    hash.update('\n')
  }
  return hash.digest('hex')
}

function sorted(attributes: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(attributes).toSorted(([one], [other]) => (one < other ? -1 : 1))
}

/**
 * Reads a whole tree back. `lost+found`, which mkfs.ext4 makes in its root, is not part of an image. `readAhead` is
 * called for every file before the first is read. `attributes`: reads extended attributes; absent: none is looked at.
 */
export function readManifest(
  root: string,
  readAhead: (path: string) => void = () => undefined,
  attributes?: (path: string) => ReadonlyMap<string, Buffer>,
): ManifestEntry[] {
  const entries = listTree(root)
  if (attributes !== undefined)
    for (const entry of entries) Object.assign(entry, attributesOfImage(attributes(join(root, entry.path))))
  const files = entries.filter(({ type }) => type === 'file')
  for (const { path } of files) readAhead(join(root, path))
  for (const file of files) file.digest = hashFile(join(root, file.path))
  return entries
}

/** Lists the entries of a tree, without the digests of files. */
function listTree(root: string): ManifestEntry[] {
  const entries: ManifestEntry[] = []
  function visit(path: string): void {
    for (const name of readdirSync(join(root, path))) {
      if (path === '' && name === 'lost+found') continue
      const child = path === '' ? name : `${path}/${name}`
      const entry = readEntry(root, child)
      entries.push(entry)
      if (entry.type === 'directory') visit(child)
    }
  }
  visit('')
  return entries
}

function readEntry(root: string, path: string): ManifestEntry {
  const full = join(root, path)
  const stat = lstatSync(full)
  const common = { path, mode: stat.mode & 0o7777, uid: stat.uid, gid: stat.gid, digest: '' }
  if (stat.isDirectory()) return { ...common, type: 'directory', size: 0 }
  if (stat.isSymbolicLink()) return { ...common, type: 'symlink', size: 0, digest: readlinkSync(full) }
  if (!stat.isFile()) return { ...common, type: 'special', size: 0, digest: specialFile(stat) }
  return { ...common, type: 'file', size: stat.size }
}

/** The first difference between what an image must show and what is seen, as a person can read it; null when equal. */
export function manifestDifference(
  expected: ReadonlyMap<string, ManifestEntry>,
  seen: readonly ManifestEntry[],
): string | null {
  const left = new Map(expected)
  for (const entry of seen) {
    const wanted = left.get(entry.path)
    if (wanted === undefined) return `${entry.path} should not be there`
    left.delete(entry.path)
    for (const key of ['type', 'mode', 'uid', 'gid', 'size', 'digest'] as const) {
      if (wanted[key] !== entry[key]) return `${entry.path}: ${key} is ${entry[key]}, not ${wanted[key]}`
    }
    const [is, must] = [entry.attributes ?? {}, wanted.attributes ?? {}]
    const name = Object.keys({ ...is, ...must }).find((each) => is[each] !== must[each])
    if (name !== undefined)
      return `${entry.path}: ${name} is ${is[name] ?? 'absent'}, not ${must[name] ?? 'absent'}`
  }
  const [missing] = left.keys()
  return missing === undefined ? null : `${missing} is missing`
}
