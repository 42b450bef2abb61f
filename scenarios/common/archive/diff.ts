/**
 * The difference of two trees as a layer: what the upper has added or changed, and a whiteout for each name that it lacks, as
 * containerd's walking differ finds it (continuity/fs, doubleWalkDiff; pkg/archive, ChangeWriter) for every snapshotter.
 */
import { lstatSync, readdirSync, readlinkSync, type Stats } from 'node:fs'
import { deviceNumber } from '../../../harness/linux/device-number.ts'
import { attributesOf, type AttributeCalls } from '../../../harness/linux/extended-attributes.ts'
import { PLAIN, type EntryType, type TarEntry } from './header.ts'
import { createArchive, type ArchiveWriter } from './writer.ts'

/** Before the name of what a layer hides: image specification of the OCI, "Whiteouts". */
export const WHITEOUT = '.wh.'

/** Milliseconds by which times of change may differ that a driver has copied: Node sets microseconds, the kernel keeps more. */
const SAME_TIME = 0.002

/** Entry of a tree: its path within, and what lstat(2) says of it. */
interface Found {
  path: string
  stat: Stats
}

/** Writes the difference between `lower` and `upper` as an archive. Returns its SHA-256, its bytes and its entries. */
export function writeDiff(
  calls: AttributeCalls,
  lower: string,
  upper: string,
  target: string,
): { digest: string; bytes: number; entries: number } {
  const writer = createLayer(calls, upper, createArchive(target))
  compareDirectories({ calls, lower, upper, writer }, '')
  return { ...writer.end(), entries: writer.entries() }
}

/** Marks a directory of which a layer hides all that is below. */
export const OPAQUE = `${WHITEOUT}.wh..opq`

/**
 * Writes what the kernel's overlay keeps of a container in the directory `upper`, as Docker and BuildKit do: nothing is compared,
 * whiteouts and opaque directories become those of an archive.
 */
export function writeUpper(
  calls: AttributeCalls,
  upper: string,
  target: string,
): { digest: string; bytes: number; entries: number } {
  const writer = createLayer(calls, upper, createArchive(target))
  function visit(path: string): void {
    for (const name of namesIn(upper, path).toSorted()) {
      const entry = look(upper, path === '' ? name : `${path}/${name}`)
      if (entry.stat.isCharacterDevice() && entry.stat.rdev === 0) {
        writer.whiteout(entry.path)
        continue
      }
      writer.changed(entry)
      if (!entry.stat.isDirectory()) continue
      if (calls.lgetxattr(`${upper}/${entry.path}`, OVERLAY_OPAQUE)?.toString() === 'y')
        writer.opaque(entry.path)
      visit(entry.path)
    }
  }
  visit('')
  return { ...writer.end(), entries: writer.entries() }
}

/** overlayfs.rst, "whiteouts and opaque directories". */
const OVERLAY_OPAQUE = 'trusted.overlay.opaque'

interface Walk {
  calls: AttributeCalls
  lower: string
  upper: string
  writer: LayerWriter
}

/** `path`: of a directory that both have; '' for the root. */
function compareDirectories(walk: Walk, path: string): void {
  const below = namesIn(walk.lower, path)
  const above = namesIn(walk.upper, path)
  const here = new Set(above)
  const there = new Set(below)
  for (const name of [...new Set([...below, ...above])].toSorted()) {
    const child = path === '' ? name : `${path}/${name}`
    if (!here.has(name)) walk.writer.whiteout(child)
    else if (!there.has(name)) addTree(walk, look(walk.upper, child))
    else compareEntries(walk, look(walk.lower, child), look(walk.upper, child))
  }
}

function compareEntries(walk: Walk, below: Found, above: Found): void {
  const { path, stat } = above
  const bothDirectories = below.stat.isDirectory() && stat.isDirectory()
  if (!isSame(walk, below, above)) walk.writer.changed(above)
  else walk.writer.unchanged(above)
  if (bothDirectories) compareDirectories(walk, path)
  else if (stat.isDirectory())
    for (const name of namesIn(walk.upper, path)) addTree(walk, look(walk.upper, `${path}/${name}`))
}

function addTree(walk: Walk, added: Found): void {
  walk.writer.changed(added)
  if (!added.stat.isDirectory()) return
  for (const name of namesIn(walk.upper, added.path).toSorted())
    addTree(walk, look(walk.upper, `${added.path}/${name}`))
}

/** mkfs.ext4 makes lost+found in the root of block drivers; it is no part of a layer. */
function namesIn(root: string, path: string): string[] {
  const names = readdirSync(path === '' ? root : `${root}/${path}`)
  return path === '' ? names.filter((name) => name !== 'lost+found') : names
}

function look(root: string, path: string): Found {
  return { path, stat: lstatSync(`${root}/${path}`) }
}

/**
 * Whether two entries are the same by what lstat(2) and their attributes say; contents are not read. The time of a directory
 * does not count, nor does its size: what changed in it is found by itself.
 */
function isSame(
  { calls, lower, upper }: Walk,
  { path, stat: before }: Found,
  { stat: after }: Found,
): boolean {
  if (before.mode !== after.mode || before.uid !== after.uid || before.gid !== after.gid) return false
  if (before.rdev !== after.rdev) return false
  if (!after.isDirectory()) {
    if (before.size !== after.size) return false
    if (Math.abs(before.mtimeMs - after.mtimeMs) > SAME_TIME) return false
    if (after.isSymbolicLink() && readlinkSync(`${lower}/${path}`) !== readlinkSync(`${upper}/${path}`))
      return false
  }
  return sameAttributes(attributesOf(calls, `${lower}/${path}`), attributesOf(calls, `${upper}/${path}`))
}

function sameAttributes(before: ReadonlyMap<string, Buffer>, after: ReadonlyMap<string, Buffer>): boolean {
  if (before.size !== after.size) return false
  for (const [name, value] of after) if (before.get(name)?.equals(value) !== true) return false
  return true
}

interface LayerWriter {
  /** Adds an entry that is new or changed, after the directories that it lies in. */
  changed(entry: Found): void
  /** Notes a directory that an entry may come to lie in, or a name of a file that may turn out to have changed. */
  unchanged(entry: Found): void
  whiteout(path: string): void
  /** Says that a directory, whose entry was just added, hides what lower layers have in it. */
  opaque(path: string): void
  entries(): number
  end(): { digest: string; bytes: number }
}

function createLayer(calls: AttributeCalls, root: string, archive: ArchiveWriter): LayerWriter {
  /** Directories between the root and where the walk is, of which the archive has no entry yet. */
  const pending: Found[] = []
  /** First name in the archive of a file with several, and the unchanged names that were met before it. */
  const firstNames = new Map<string, string>()
  const metNames = new Map<string, Found[]>()
  let count = 0

  function add(entry: TarEntry, content?: string): void {
    archive.add(entry, content)
    count += 1
  }

  function addParents(path: string): void {
    while (pending.length > 0 && !path.startsWith(`${pending.at(-1)?.path}/`)) pending.pop()
    for (const parent of pending.splice(0)) add(entryOf(calls, root, parent))
  }

  function addFound(found: Found): void {
    const { path, stat } = found
    // No archive has sockets: they mean nothing without the process that listens.
    if (stat.isSocket()) return
    addParents(path)
    const key = stat.nlink > 1 && !stat.isDirectory() ? `${stat.dev}:${stat.ino}` : null
    const first = key === null ? undefined : firstNames.get(key)
    if (first !== undefined) return addLink(found, first)
    add(entryOf(calls, root, found), stat.isFile() ? `${root}/${path}` : undefined)
    if (key === null) return
    firstNames.set(key, path)
    // Their directories are in the layer below.
    for (const met of metNames.get(key) ?? []) addLink(met, path)
    metNames.delete(key)
  }

  function addLink(found: Found, target: string): void {
    add({ ...entryOf(calls, root, found), type: 'link', target, size: 0 })
  }

  return {
    changed: addFound,
    unchanged(found) {
      const { path, stat } = found
      if (stat.isDirectory()) {
        while (pending.length > 0 && !path.startsWith(`${pending.at(-1)?.path}/`)) pending.pop()
        pending.push(found)
      } else if (stat.nlink > 1) {
        const key = `${stat.dev}:${stat.ino}`
        const first = firstNames.get(key)
        if (first !== undefined) addLink(found, first)
        else metNames.set(key, [...(metNames.get(key) ?? []), found])
      }
    },
    whiteout(path) {
      addParents(path)
      const at = path.lastIndexOf('/') + 1
      add({ ...PLAIN, path: `${path.slice(0, at)}${WHITEOUT}${path.slice(at)}` })
    },
    opaque: (path) => add({ ...PLAIN, path: `${path}/${OPAQUE}` }),
    entries: () => count,
    end: () => archive.end(),
  }
}

function entryOf(calls: AttributeCalls, root: string, { path, stat }: Found): TarEntry {
  const type = typeOf(stat)
  return {
    path,
    type,
    mode: stat.mode & 0o7777,
    uid: stat.uid,
    gid: stat.gid,
    size: type === 'file' ? stat.size : 0,
    mtime: stat.mtimeMs / 1000,
    target: type === 'symlink' ? readlinkSync(`${root}/${path}`) : '',
    ...deviceNumber(stat.rdev),
    attributes: attributesOf(calls, `${root}/${path}`),
  }
}

export function typeOf(stat: Stats): EntryType {
  if (stat.isDirectory()) return 'directory'
  if (stat.isSymbolicLink()) return 'symlink'
  if (stat.isCharacterDevice()) return 'character'
  if (stat.isBlockDevice()) return 'block'
  return stat.isFIFO() ? 'fifo' : 'file'
}
