/** What a command changed: the container's tree beside that of the image. */
import { lstatSync, readdirSync, type Stats } from 'node:fs'
import type { ManifestEntry } from '../../harness/contracts/image.ts'
import { digestOf } from '../common/tree-state.ts'

/** Paths that are other than in the image, each with what it is now; `gone`: it is no more. */
export type EndState = ReadonlyMap<string, string>

export const GONE = 'gone'

export interface Changes {
  end: EndState
  /** Regular files that the image has, whose bytes are others now, and their size now. */
  rewritten: number
  rewrittenBytes: number
  /** Entries that the image has, with another mode, owner or type. */
  attributes: number
  /** Entries that the image does not have, and the bytes of the files among them. */
  created: number
  createdBytes: number
  removed: number
}

type Manifest = ReadonlyMap<string, ManifestEntry>

/**
 * Compares the tree at `root` with the image. `image`: a view of the image, by which files are known that nothing has touched since: of
 * the same length and times; null: every file is read.
 */
export function readChanges(manifest: Manifest, root: string, image: string | null): Changes {
  const changes = { rewritten: 0, rewrittenBytes: 0, attributes: 0, created: 0, createdBytes: 0, removed: 0 }
  const end = new Map<string, string>()
  const seen = new Set<string>()
  function visit(folder: string): void {
    for (const name of readdirSync(`${root}/${folder}`)) {
      if (folder === '' && name === 'lost+found') continue
      const path = `${folder}${name}`
      const stat = lstatSync(`${root}/${path}`)
      seen.add(path)
      look(path, stat)
      if (stat.isDirectory()) visit(`${path}/`)
    }
  }
  function look(path: string, stat: Stats): void {
    const before = manifest.get(path)
    const isFile = stat.isFile()
    const digest = !isFile
      ? ''
      : before !== undefined && isUntouched(path, stat, image)
        ? before.digest
        : digestOf(`${root}/${path}`)
    if (before === undefined) {
      changes.created += 1
      if (isFile) changes.createdBytes += stat.size
      end.set(path, stateOf(stat, digest))
      return
    }
    const sameBytes = !isFile || (before.type === 'file' && before.digest === digest)
    const sameInode = isSameInode(before, stat)
    if (sameBytes && sameInode) return
    if (sameBytes) changes.attributes += 1
    else {
      changes.rewritten += 1
      changes.rewrittenBytes += stat.size
    }
    end.set(path, stateOf(stat, digest))
  }
  visit('')
  for (const path of manifest.keys()) {
    if (seen.has(path)) continue
    changes.removed += 1
    end.set(path, GONE)
  }
  return { ...changes, end }
}

function isUntouched(path: string, stat: Stats, image: string | null): boolean {
  if (image === null) return false
  const there = lstatSync(`${image}/${path}`, { throwIfNoEntry: false })
  return there !== undefined && there.isFile() && there.size === stat.size && there.mtimeMs === stat.mtimeMs
}

function isSameInode(before: ManifestEntry, stat: Stats): boolean {
  return (
    before.type === typeOf(stat) &&
    before.mode === (stat.mode & 0o7777) &&
    before.uid === stat.uid &&
    before.gid === stat.gid
  )
}

function typeOf(stat: Stats): ManifestEntry['type'] {
  if (stat.isDirectory()) return 'directory'
  if (stat.isSymbolicLink()) return 'symlink'
  return stat.isFile() ? 'file' : 'special'
}

function stateOf(stat: Stats, digest: string): string {
  const size = stat.isFile() ? ` ${stat.size} bytes ${digest}` : ''
  return `${typeOf(stat)} ${(stat.mode & 0o7777).toString(8)} ${stat.uid}:${stat.gid}${size}`
}

/** What a union's container layer holds. */
export interface LayerContent {
  /** Regular files that the image has, too: they were copied up, or written anew in its place. */
  copiedUp: number
  copiedUpBytes: number
  whiteouts: number
  /** The largest of the regular files. */
  largest: string | null
}

/** Reads the directory of a union's container layer. */
export function readLayer(manifest: Manifest, layer: string): LayerContent {
  const content: LayerContent = { copiedUp: 0, copiedUpBytes: 0, whiteouts: 0, largest: null }
  let most = -1
  function visit(folder: string): void {
    for (const name of readdirSync(`${layer}/${folder}`)) {
      const path = `${folder}${name}`
      const stat = lstatSync(`${layer}/${path}`)
      if (stat.isDirectory()) visit(`${path}/`)
      else if (stat.isCharacterDevice() && stat.rdev === 0) content.whiteouts += 1
      else if (stat.isFile() && manifest.get(path)?.type === 'file') {
        content.copiedUp += 1
        content.copiedUpBytes += stat.size
        if (stat.size > most) {
          most = stat.size
          content.largest = path
        }
      }
    }
  }
  visit('')
  return content
}
