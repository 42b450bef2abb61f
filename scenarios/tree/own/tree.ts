/** The tree of the user's image, as a model in memory. */
import { dirname } from 'node:path'
import type { ManifestEntry, OwnImage } from '../../../harness/contracts/image.ts'
import { COUNTABLE, LARGE } from '../../common/thresholds.ts'
import { addNode } from '../../dataset/model/change.ts'
import {
  directoryNode,
  fileNode,
  linkNode,
  type DirectoryNode,
  type FileNode,
  type TreeNode,
} from '../../dataset/model/nodes.ts'
import type { Contents } from '../../dataset/many-files/contents.ts'

/** Made by mkfs.ext4 in the root of block drivers: no part of the image. */
export const NOT_OF_THE_IMAGE: readonly string[] = ['lost+found']

/** Names of a tree, relative to its root. */
export interface OwnTree {
  /** Names in the root, in order: what `chown -R` is given. */
  readonly tops: readonly ManifestEntry[]
  /** Every regular file, by each of its names. */
  readonly files: readonly ManifestEntry[]
  readonly directories: readonly ManifestEntry[]
  readonly entries: number
  /** Bytes of all files, of one with several names once. */
  readonly bytes: number
  /**
   * File whose copying is looked at: the largest that is neither so small that it may lie inline in the file system nor so large that
   * the work on the others looks like its copy; null: there is none.
   */
  readonly examined: ManifestEntry | null
}

const known = new WeakMap<OwnImage, OwnTree>()

/** Returns the names of an image's tree: the same object for the same image. */
export function ownTreeOf(own: OwnImage): OwnTree {
  const before = known.get(own)
  if (before !== undefined) return before
  const entries = [...own.manifest.values()]
  const files = entries.filter(({ type }) => type === 'file')
  const candidates = files.filter(({ size, firstName }) => size < LARGE && firstName === undefined)
  const largest = candidates.reduce<ManifestEntry | null>(
    (best, file) => (best === null || file.size > best.size ? file : best),
    null,
  )
  const tree: OwnTree = {
    tops: entries.filter(({ path }) => !path.includes('/')),
    files,
    directories: entries.filter(({ type }) => type === 'directory'),
    entries: entries.length,
    bytes: files.reduce((sum, { path, size, firstName = path }) => sum + (firstName === path ? size : 0), 0),
    examined: largest !== null && largest.size >= COUNTABLE ? largest : null,
  }
  known.set(own, tree)
  return tree
}

/** Returns a fresh model of the image's tree. */
export function modelOfOwn({ manifest }: Pick<OwnImage, 'manifest'>): DirectoryNode {
  const root = directoryNode(0o755, { uid: 0, gid: 0 })
  const byName = new Map<string, FileNode>()
  const folders = new Map<string, DirectoryNode>([['.', root]])
  let index = 0
  for (const entry of manifest.values()) {
    const first = entry.firstName === undefined ? undefined : byName.get(entry.firstName)
    if (first !== undefined) first.links += 1
    const node = first ?? nodeOf(entry, index)
    if (node.type === 'file' && first === undefined) {
      index += 1
      byName.set(entry.path, node)
    }
    const folder = folders.get(dirname(entry.path))
    if (folder === undefined) addNode(root, entry.path, node)
    else folder.children.set(entry.path.slice(entry.path.lastIndexOf('/') + 1), node)
    if (node.type === 'directory') folders.set(entry.path, node)
  }
  return root
}

function nodeOf(entry: ManifestEntry, index: number): TreeNode {
  const { type, mode, digest } = entry
  switch (type) {
    case 'directory':
      return directoryNode(mode, entry)
    case 'symlink':
      return linkNode(digest, entry)
    case 'special':
      return { type, mode, uid: entry.uid, gid: entry.gid, mtime: null, kind: digest }
    case 'file':
      return fileNode(mode, entry, contentsOf(entry), index)
  }
}

/** Returns the content of a file that is known by its digest alone. */
function contentsOf({ path, size, digest }: ManifestEntry): Contents {
  return {
    size,
    data: size === 0 ? [] : [{ offset: 0, length: size }],
    read() {
      throw new Error(`the bytes of ${path} are known by their digest alone`)
    },
    digest: () => digest,
  }
}
