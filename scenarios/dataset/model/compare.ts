/** Compares a tree of files with its model. */
import { createHash, type Hash } from 'node:crypto'
import { closeSync, lstatSync, openSync, readdirSync, readlinkSync, readSync, type Stats } from 'node:fs'
import { specialFile } from '../../../harness/linux/special-file.ts'
import type { Contents } from '../many-files/contents.ts'
import type { DirectoryNode, FileNode, TreeNode } from './nodes.ts'

/** Bytes compared at a time. */
const PIECE = 1024 ** 2

export interface Comparison {
  /** Files whose bytes are compared, by their number; default: all. The lengths of all files are compared. */
  readsFile?(index: number): boolean
  /** Counts the names of files whose number of links or inode is not the model's, which otherwise is a difference. */
  countsLinks?: boolean
  /** Compares the SHA-256 of a file with the digest of its contents, where the bytes are known by that alone. */
  byDigest?: boolean
  /** Names in the root that are no part of the tree. */
  except?: readonly string[]
  /** Paths that are no part of the tree where the model has none: what an engine adds to its containers. */
  adds?: ReadonlySet<string>
  /** Reads an extended attribute; null: there is none. Asked only for those that the model has. */
  attribute?(path: string, name: string): Buffer | null
}

/** What was compared, and the first difference. */
export interface Compared {
  /** First difference as a person can read it: `a/b: mode is 644, not 600`; null: none. */
  difference: string | null
  /** SHA-256 over the bytes that were read, in the model's order. */
  hash: string
  files: number
  bytes: number
  /** Names whose number of links or inode is not the model's, where these are counted. */
  linksApart: number
}

/** A difference, to leave the walk by. */
class Difference extends Error {}

const seen = Buffer.allocUnsafeSlow(PIECE)
const wanted = Buffer.allocUnsafeSlow(PIECE)

/** Compares names, types, permissions, owners, links, lengths and bytes below `root` with the model; other names are differences. */
export function compareTree(root: string, model: DirectoryNode, options: Comparison = {}): Compared {
  const walk = new Walk(options)
  let difference: string | null = null
  try {
    walk.directory(root, '', model)
  } catch (error) {
    if (!(error instanceof Difference)) throw error
    difference = error.message
  }
  return {
    difference,
    hash: walk.hash.digest('hex'),
    files: walk.files,
    bytes: walk.bytes,
    linksApart: walk.linksApart,
  }
}

class Walk {
  readonly hash: Hash = createHash('sha256')
  files = 0
  bytes = 0
  linksApart = 0
  readonly #options: Comparison
  /** Inode numbers of files with several names. */
  readonly #inodes = new Map<FileNode, number>()

  constructor(options: Comparison) {
    this.#options = options
  }

  /** `path`: of the directory, relative and for people; '' for the root. */
  directory(full: string, path: string, node: DirectoryNode): void {
    const all = readdirSync(full)
    const names = all.filter((name) => !this.#isForeign(path, name, node))
    for (const name of names) {
      if (!node.children.has(name)) throw new Difference(`${below(path, name)} should not be there`)
    }
    if (names.length < node.children.size) {
      const there = new Set(names)
      const missing = [...node.children.keys()].find((name) => !there.has(name))
      // A directory that lists a name twice has as many names as it should.
      throw new Difference(`${below(path, missing ?? '')} is missing`)
    }
    if (names.length > node.children.size) throw new Difference(`${path} lists a name twice`)
    for (const [name, child] of node.children) this.#entry(`${full}/${name}`, below(path, name), child)
  }

  #isForeign(path: string, name: string, { children }: DirectoryNode): boolean {
    const { except, adds } = this.#options
    if (path === '' && except?.includes(name) === true) return true
    return adds?.has(below(path, name)) === true && !children.has(name)
  }

  #entry(full: string, path: string, node: TreeNode): void {
    const stat = lstatSync(full, { throwIfNoEntry: false })
    if (stat === undefined) throw new Difference(`${path} is listed, but cannot be found`)
    requireAttributes(path, node, stat)
    if (node.type === 'directory') this.directory(full, path, node)
    else if (node.type === 'symlink') requireEqual(path, 'target', readlinkSync(full), node.target)
    else if (node.type === 'special') requireEqual(path, 'device', specialFile(stat), node.kind)
    else this.#file(full, path, node, stat)
  }

  #file(full: string, path: string, node: FileNode, stat: Stats): void {
    requireEqual(path, 'size', stat.size, node.contents.size)
    this.#links(path, node, stat)
    for (const [name, value] of node.attributes ?? [])
      requireEqual(path, name, this.#options.attribute?.(full, name)?.toString() ?? 'absent', value)
    if (this.#options.readsFile?.(node.index) ?? true) this.#bytes(full, path, node)
  }

  #links(path: string, node: FileNode, { nlink, ino }: Stats): void {
    const known = node.links > 1 ? (this.#inodes.get(node) ?? ino) : ino
    if (node.links > 1) this.#inodes.set(node, known)
    if (this.#options.countsLinks === true) {
      if (nlink !== node.links || ino !== known) this.linksApart += 1
      return
    }
    requireEqual(path, 'number of links', nlink, node.links)
    requireEqual(path, 'inode', ino, known)
  }

  #bytes(full: string, path: string, { contents, index }: FileNode): void {
    const fd = openSync(full, 'r')
    const digest = this.#options.byDigest === true ? createHash('sha256') : null
    try {
      this.files += 1
      for (let offset = 0; offset < contents.size;) {
        const length = Math.min(PIECE, contents.size - offset)
        const got = readSync(fd, seen, 0, length, offset)
        if (got === 0) throw new Difference(`${path} ends at byte ${offset}, not ${contents.size}`)
        const piece = seen.subarray(0, got)
        if (digest === null) requireBytes(path, contents, index, offset, piece)
        else digest.update(piece)
        this.hash.update(piece)
        this.bytes += got
        offset += got
      }
      if (digest !== null) requireEqual(path, 'SHA-256', digest.digest('hex'), contents.digest(index))
    } finally {
      closeSync(fd)
    }
  }
}

function requireBytes(path: string, contents: Contents, index: number, offset: number, piece: Buffer): void {
  const expected = wanted.subarray(0, piece.length)
  contents.read(index, expected, offset)
  if (piece.equals(expected)) return
  const at = piece.findIndex((byte, each) => byte !== expected[each])
  throw new Difference(`${path} has a wrong byte at ${offset + at}`)
}

const PERMISSIONS = 0o7777

function requireAttributes(path: string, node: TreeNode, stat: Stats): void {
  requireEqual(path, 'type', typeOf(stat), node.type)
  if (node.type !== 'symlink')
    requireEqual(path, 'mode', (stat.mode & PERMISSIONS).toString(8), node.mode.toString(8))
  requireEqual(path, 'uid', stat.uid, node.uid)
  requireEqual(path, 'gid', stat.gid, node.gid)
  if (node.mtime !== null) requireEqual(path, 'time of change', Math.round(stat.mtimeMs / 1000), node.mtime)
}

function typeOf(stat: Stats): string {
  if (stat.isFile()) return 'file'
  if (stat.isDirectory()) return 'directory'
  return stat.isSymbolicLink() ? 'symlink' : 'special'
}

function requireEqual(path: string, what: string, is: string | number, expected: string | number): void {
  if (is !== expected) throw new Difference(`${path}: ${what} is ${is}, not ${expected}`)
}

function below(path: string, name: string): string {
  return path === '' ? name : `${path}/${name}`
}
