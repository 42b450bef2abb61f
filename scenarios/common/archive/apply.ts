/**
 * Unpacks a layer onto the tree of the layers below it, as containerd does through a mount of any snapshotter
 * (pkg/archive, applyNaive). Nothing outside of the tree is touched: a path that leaves it is refused, and links in a path are followed
 * as they are seen from the tree's root.
 */
import {
  chmodSync,
  closeSync,
  fsyncSync,
  lchownSync,
  linkSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeSync,
  type Stats,
} from 'node:fs'
import { basename, dirname } from 'node:path'
import type { Syscalls } from '../../../harness/contracts/syscalls.ts'
import { attributeNames, OF_THE_HOST } from '../../../harness/linux/extended-attributes.ts'
import { OPAQUE, WHITEOUT } from './diff.ts'
import { archiveError } from './block.ts'
import type { TarEntry } from './header.ts'
import { readArchive, type Content } from './reader.ts'

/** Names that begin so are aufs' own. */
const AUFS = '.wh..wh.'

const DIRECTORY_MODE = 0o755
/** Entries and bytes of one layer at most, holes included: more is taken for an attack. */
const MOST_ENTRIES = 1_000_000
const MOST_BYTES = 64 * 1024 ** 3
/** Symbolic links followed in one path: as many as the kernel follows (path_resolution(7)). */
const MOST_LINKS = 40

// linux/stat.h
const S_IFIFO = 0o010000
const S_IFCHR = 0o020000
const S_IFBLK = 0o060000

export type UnpackCalls = Pick<Syscalls, 'lsetxattr' | 'llistxattr' | 'lremovexattr' | 'mknod'>

export interface UnpackOptions {
  /** Whether each file is made durable by itself when it is written. Default: none is. */
  syncsFiles?: boolean
  /** Entries that are taken for an attack when there are more. Default: a million. */
  mostEntries?: number
}

/**
 * Unpacks an archive, a file's or one in memory, onto the tree at `root`. Returns its entries. Throws `archive.*` for what may not
 * be unpacked.
 */
export function applyArchive(
  calls: UnpackCalls,
  archive: string | Buffer,
  root: string,
  options: UnpackOptions = {},
): number {
  const unpacking = new Unpacking(calls, root, options)
  readArchive(archive, (entry, content) => unpacking.entry(entry, content))
  unpacking.finish()
  return unpacking.entries
}

class Unpacking {
  entries = 0
  #bytes = 0
  readonly #calls: UnpackCalls
  readonly #root: string
  readonly #syncsFiles: boolean
  readonly #mostEntries: number
  /** What this archive has brought, with the directories above it: its opaque directories do not hide that. */
  readonly #brought = new Set<string>()
  /** Times of directories, set last: each entry in one changes its time. */
  readonly #times = new Map<string, number>()
  /** The directory that was last resolved: the next entry mostly lies in it. */
  #resolved: { path: string; full: string } = { path: '.', full: '' }

  constructor(
    calls: UnpackCalls,
    root: string,
    { syncsFiles = false, mostEntries = MOST_ENTRIES }: UnpackOptions,
  ) {
    this.#calls = calls
    this.#root = root
    this.#syncsFiles = syncsFiles
    this.#mostEntries = mostEntries
  }

  entry(entry: TarEntry, content: Content): void {
    this.entries += 1
    this.#requireRoom(entry)
    const path = innerPath(entry.path)
    if (path === '.') return
    const directory = this.#directory(dirname(path))
    const name = basename(path)
    if (name === OPAQUE) return this.#hideAll(directory)
    if (name.startsWith(AUFS)) return
    if (name.startsWith(WHITEOUT)) return this.#remove(`${directory}/${hiddenName(entry.path, name)}`)
    this.#make(`${directory}/${name}`, entry, content)
  }

  #requireRoom({ path, size }: TarEntry): void {
    this.#bytes += size
    if (this.entries > this.#mostEntries)
      throw archiveError(
        'entries',
        `the archive has more than ${this.#mostEntries.toLocaleString('en-US')} entries`,
      )
    if (this.#bytes > MOST_BYTES)
      throw archiveError('bytes', `${JSON.stringify(path)} and what comes before it are more than 64 GiB`)
  }

  finish(): void {
    for (const [full, mtime] of this.#times) lutimesSync(full, mtime, mtime)
  }

  #make(full: string, entry: TarEntry, content: Content): void {
    const there = lstatSync(full, { throwIfNoEntry: false })
    const kept = there?.isDirectory() === true && entry.type === 'directory'
    if (there !== undefined && !kept) this.#remove(full, there)
    for (let at = full; at !== this.#root && !this.#brought.has(at); at = dirname(at)) this.#brought.add(at)
    if (entry.type === 'link') return this.#link(full, entry)
    this.#create(full, entry, content, kept)
    lchownSync(full, entry.uid, entry.gid)
    // After the owner, since chown(2) clears the set-user-ID bit.
    if (entry.type !== 'symlink') chmodSync(full, entry.mode)
    if (kept) this.#removeAttributes(full, entry)
    for (const [name, value] of entry.attributes) this.#calls.lsetxattr(full, name, value)
    if (entry.type === 'directory') this.#times.set(full, entry.mtime)
    else lutimesSync(full, entry.mtime, entry.mtime)
  }

  #create(full: string, entry: TarEntry, content: Content, kept: boolean): void {
    switch (entry.type) {
      case 'directory':
        if (!kept) mkdirSync(full)
        return
      case 'file':
        return writeContent(full, content, this.#syncsFiles)
      case 'symlink':
        return symlinkSync(entry.target, full)
      case 'fifo':
        return this.#calls.mknod(full, S_IFIFO | entry.mode, 0)
      case 'character':
      case 'block': {
        const kind = entry.type === 'block' ? S_IFBLK : S_IFCHR
        return this.#calls.mknod(full, kind | entry.mode, deviceOf(entry))
      }
      case 'link':
    }
  }

  /** A directory that stays has the attributes of the layer that speaks of it last: image specification of the OCI, layer.md. */
  #removeAttributes(full: string, { attributes }: TarEntry): void {
    for (const name of attributeNames(this.#calls, full))
      if (!attributes.has(name) && !OF_THE_HOST.has(name)) this.#calls.lremovexattr(full, name)
  }

  /** The target is a path within the tree. */
  #link(full: string, { target }: TarEntry): void {
    const inner = innerPath(target)
    linkSync(`${this.#directory(dirname(inner))}/${basename(inner)}`, full)
  }

  /** Returns where a directory of the tree lies, made where it is not there. */
  #directory(path: string): string {
    if (path !== this.#resolved.path) this.#resolved = { path, full: this.#resolve(path) }
    return this.#resolved.full === '' ? this.#root : this.#resolved.full
  }

  #resolve(path: string): string {
    let parts = path === '.' ? [] : path.split('/')
    let full = this.#root
    for (let links = 0; parts.length > 0;) {
      const [name = '', ...rest] = parts
      const next = `${full}/${name}`
      const stat = lstatSync(next, { throwIfNoEntry: false })
      parts = rest
      if (stat === undefined) mkdirSync(next, DIRECTORY_MODE)
      else if (stat.isSymbolicLink()) {
        links += 1
        if (links > MOST_LINKS) throw archiveError('links', `${path} goes through too many symbolic links`)
        const target = readlinkSync(next)
        const from = target.startsWith('/') ? '' : full.slice(this.#root.length + 1)
        parts = [...stepsWithin(from, target), ...rest]
        full = this.#root
        continue
      } else if (!stat.isDirectory()) throw archiveError('path', `${path} goes through a file`)
      full = next
    }
    return full
  }

  #remove(full: string, stat: Stats | undefined = lstatSync(full, { throwIfNoEntry: false })): void {
    if (stat === undefined) return
    rmSync(full, { recursive: true })
    // It may have led through what is gone.
    this.#resolved = { path: '.', full: '' }
    if (!stat.isDirectory()) return
    for (const made of this.#times.keys())
      if (made === full || made.startsWith(`${full}/`)) this.#times.delete(made)
  }

  /** Removes what lower layers have in a directory. */
  #hideAll(directory: string): void {
    for (const name of readdirSync(directory)) {
      const full = `${directory}/${name}`
      if (!this.#brought.has(full)) this.#remove(full)
      else if (lstatSync(full).isDirectory()) this.#hideAll(full)
    }
  }
}

/** Returns the name that a whiteout hides. Throws `archive.path` for one that is no name: it would be the directory, or its parent. */
export function hiddenName(path: string, whiteout: string): string {
  const name = whiteout.slice(WHITEOUT.length)
  if (name === '' || name === '.' || name === '..')
    throw archiveError('path', `${JSON.stringify(path)} hides no name`)
  return name
}

/** Returns a path within the tree, without `.`. Throws `archive.path` for one that leaves it. */
export function innerPath(path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.')
  if (path.startsWith('/') || parts.includes('..') || path.includes('\0'))
    throw archiveError('path', `${JSON.stringify(path)} leaves the tree`)
  return parts.length === 0 ? '.' : parts.join('/')
}

/** Returns the steps from the root to where a link leads; `..` stops at the root, as in a container. */
function stepsWithin(from: string, target: string): string[] {
  const steps: string[] = []
  for (const part of [...from.split('/'), ...target.split('/')]) {
    if (part === '..') steps.pop()
    else if (part !== '' && part !== '.') steps.push(part)
  }
  return steps
}

function writeContent(full: string, content: Content, syncs: boolean): void {
  const fd = openSync(full, 'wx')
  try {
    content((piece) => {
      for (let written = 0; written < piece.length;) written += writeSync(fd, piece, written)
    })
    if (syncs) fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

/** Encodes the numbers of a device as mknod(2) takes them: linux/kdev_t.h, new_encode_dev. */
function deviceOf({ major, minor }: TarEntry): number {
  return (minor & 0xff) | (major << 8) | ((minor & ~0xff) << 12)
}
