/** All that a tree shows of itself, entry by entry, and the first difference between two trees. */
import { createHash } from 'node:crypto'
import { closeSync, lstatSync, openSync, readdirSync, readlinkSync, readSync } from 'node:fs'
import { attributesOf, type AttributeCalls } from '../../harness/linux/extended-attributes.ts'
import { typeOf } from './archive/diff.ts'

/** What an entry shows, as text: the difference of two is read by a person. */
export type EntryState = Readonly<Record<string, string>>

/** Key of an entry's time of change, milliseconds since 1970; '' where it is not known. */
const CHANGED = 'time of change'

/** Entries by their path. */
export type TreeState = ReadonlyMap<string, EntryState>

/** Milliseconds by which times may differ: an archive has microseconds, and so has Node. */
const SAME_TIME = 0.01
const PIECE = 1024 ** 2

/** Reads a tree, every byte of it. mkfs.ext4's lost+found in the root of block drivers is left out. */
export function readTree(calls: AttributeCalls, root: string): Map<string, EntryState> {
  const entries = new Map<string, EntryState>()
  const names = new Map<string, string>()
  function visit(path: string): void {
    for (const name of readdirSync(path === '' ? root : `${root}/${path}`).toSorted()) {
      if (path === '' && name === 'lost+found') continue
      const child = path === '' ? name : `${path}/${name}`
      const state = readEntry(calls, root, child, names)
      entries.set(child, state)
      if (state['type'] === 'directory') visit(child)
    }
  }
  visit('')
  return entries
}

/** Returns what is the image's of a tree. `adds`: paths that the engine puts into containers where `image` has none. */
export function withoutAdded(
  tree: TreeState,
  adds: ReadonlySet<string>,
  image: { has(path: string): boolean },
): TreeState {
  return adds.size === 0 ? tree : new Map([...tree].filter(([path]) => image.has(path) || !adds.has(path)))
}

/** Returns a tree without the extended attributes that some engines' commits drop: all but security.capability. */
export function withoutAttributes(tree: TreeState): TreeState {
  // Names of attributes have a dot, and no other key has.
  const isKept = ([key]: readonly [string, string]) => !key.includes('.') || key === 'security.capability'
  return new Map(
    [...tree].map(([path, state]) => [path, Object.fromEntries(Object.entries(state).filter(isKept))]),
  )
}

function readEntry(
  calls: AttributeCalls,
  root: string,
  path: string,
  names: Map<string, string>,
): EntryState {
  const full = `${root}/${path}`
  const stat = lstatSync(full)
  const type = typeOf(stat)
  const state: Record<string, string> = {
    type,
    mode: (stat.mode & 0o7777).toString(8),
    owner: `${stat.uid}:${stat.gid}`,
    [CHANGED]: String(stat.mtimeMs),
  }
  if (type === 'symlink') state['target'] = readlinkSync(full)
  if (type === 'character' || type === 'block') state['device'] = String(stat.rdev)
  if (type === 'file') {
    state['size'] = String(stat.size)
    state['content'] = digestOf(full)
    const key = `${stat.dev}:${stat.ino}`
    const first = names.get(key) ?? path
    names.set(key, first)
    state[SAME_FILE] = first
  }
  for (const [name, value] of attributesOf(calls, full)) state[name] = value.toString('hex')
  return state
}

/** Key of the first name of a file, in order, by which names of one file are known. */
const SAME_FILE = 'same file as'

/**
 * Returns the first difference, as a person can read it: `a/b: mode is 644, not 600`; null: none. `essential`: which names are one file,
 * the times of directories and fractions of seconds do not count.
 */
export function treeDifference(expected: TreeState, seen: TreeState, essential = false): string | null {
  for (const [path, wanted] of expected) {
    const found = seen.get(path)
    if (found === undefined) return `${path} is missing`
    for (const key of new Set([...Object.keys(wanted), ...Object.keys(found)]))
      if (!isEqual(key, wanted[key], found[key]) && !(essential && isLesser(key, wanted, found)))
        return `${path}: ${key} is ${found[key] ?? 'absent'}, not ${wanted[key] ?? 'absent'}`
  }
  for (const path of seen.keys()) if (!expected.has(path)) return `${path} should not be there`
  return null
}

/** FUSE daemons may show inodes, and times of directories, that are of their own making, and keep whole seconds. */
function isLesser(key: string, wanted: EntryState, found: EntryState): boolean {
  if (key === SAME_FILE) return true
  if (key !== CHANGED) return false
  const second = (state: EntryState) => Math.floor(Number(state[CHANGED]) / 1000)
  return wanted['type'] === 'directory' || second(wanted) === second(found)
}

function isEqual(key: string, wanted: string | undefined, found: string | undefined): boolean {
  if (key !== CHANGED) return wanted === found
  if (wanted === '' || found === '') return true
  return Math.abs(Number(wanted) - Number(found)) <= SAME_TIME
}

/** Returns an entry of which the time of change is not known. */
export function withoutTime(state: EntryState): EntryState {
  return { ...state, [CHANGED]: '' }
}

/** Returns a SHA-256 over a tree, its times left out: the same for equal work on every driver. */
export function treeHash(tree: TreeState): string {
  const hash = createHash('sha256')
  for (const [path, state] of tree) hash.update(JSON.stringify([path, withoutTime(state)]))
  return hash.digest('hex')
}

const piece = Buffer.allocUnsafeSlow(PIECE)

/** Returns the SHA-256 of a file, hexadecimal. */
export function digestOf(path: string): string {
  const hash = createHash('sha256')
  const fd = openSync(path, 'r')
  try {
    for (let got = readSync(fd, piece); got > 0; got = readSync(fd, piece))
      hash.update(piece.subarray(0, got))
  } finally {
    closeSync(fd)
  }
  return hash.digest('hex')
}
