/** Operations on the whole tree of the user's image. */
import { lstatSync, mkdirSync, unlinkSync } from 'node:fs'
import type { Syscalls } from '../../../harness/contracts/syscalls.ts'
import { addNode, copyOf, visitNodes } from '../../dataset/model/change.ts'
import { directoryNode, type DirectoryNode } from '../../dataset/model/nodes.ts'
import { ownerOfProcess } from '../../dataset/many-files/write.ts'
import { ENTRY_CHANGES, type EntryChange } from '../attributes.ts'
import { copyEntry, copyTree } from '../copy-tree.ts'
import type { OperationId } from '../params.ts'
import { readToItsEnd } from '../reads.ts'
import { eachEntry, removeTree } from '../walk.ts'
import type { OwnTree } from './tree.ts'

/** Directory that `copy` makes in the root. */
const COPY = 'bench-copy'
/** Permission bits of it: no umask takes from these. */
const NEW_DIRECTORY = 0o700

export interface OwnWork {
  /** Where the container is mounted. */
  readonly root: string
  readonly tree: OwnTree
  readonly syscalls: Pick<Syscalls, 'dataRanges' | 'mknod'>
}

export interface OwnOperation {
  /** One of the objects that are changed: `file`, `entry`. */
  readonly object: string
  /** Returns the timed work, which returns how many objects it changed; of a read, saw. */
  plan(work: OwnWork): () => number
  /** Makes the same change to the model. Returns how many objects the work must have changed. */
  expect(model: DirectoryNode): number
  /** What becomes of the file that is looked at: its inode changes, or nothing does; null: it is gone, or a copy may share its bytes. */
  readonly examined: 'changed' | 'untouched' | null
  /** Names that are gone afterwards, and the directories that had them. */
  readonly after?: (tree: OwnTree) => { gone: readonly string[]; listed: readonly string[] }
}

/** Returns the operation of a name; null: it works on the made-up tree alone. */
export function ownOperation(op: OperationId): OwnOperation | null {
  return OWN_OPERATIONS[op] ?? null
}

const walk: OwnOperation = {
  object: 'entry',
  examined: 'untouched',
  plan: ({ root, tree }) => onEachEntry(root, tree, (path) => lstatSync(path) !== undefined),
  expect: (model) => countBelow(model),
}

const readAll: OwnOperation = {
  object: 'file',
  examined: 'untouched',
  plan: ({ root, tree }) =>
    onEachEntry(root, tree, (path, isFile) => {
      if (isFile) readToItsEnd(path)
      return isFile
    }),
  expect(model) {
    let files = 0
    visitNodes(model, ({ type }) => void (files += type === 'file' ? 1 : 0))
    return files
  },
}

const copy: OwnOperation = {
  object: 'entry',
  examined: null,
  plan({ root, tree, syscalls }) {
    const target = `${root}/${COPY}`
    const pairs = tree.tops.map(({ path, type }) => [`${root}/${path}`, `${target}/${path}`, type] as const)
    return () => {
      mkdirSync(target, NEW_DIRECTORY)
      let entries = 1
      for (const [from, to, type] of pairs) {
        if (type === 'directory') entries += copyTree(from, to, syscalls)
        else {
          copyEntry(from, to, syscalls)
          entries += 1
        }
      }
      return entries
    }
  },
  expect(model) {
    const entries = countBelow(model)
    const target = directoryNode(NEW_DIRECTORY, ownerOfProcess())
    for (const [name, node] of model.children) target.children.set(name, copyOf(node))
    addNode(model, COPY, target)
    return 1 + entries
  },
}

const removeAll: OwnOperation = {
  object: 'entry',
  examined: null,
  plan({ root, tree }) {
    const paths = tree.tops.map(({ path, type }) => [`${root}/${path}`, type] as const)
    return () => {
      let entries = 0
      for (const [path, type] of paths) {
        if (type === 'directory') entries += removeTree(path)
        else {
          unlinkSync(path)
          entries += 1
        }
      }
      return entries
    }
  },
  expect(model) {
    const entries = countBelow(model)
    model.children.clear()
    return entries
  },
  after: ({ tops }) => ({ gone: tops.map(({ path }) => path), listed: ['.'] }),
}

const unlink: OwnOperation = {
  object: 'file',
  examined: null,
  plan({ root, tree }) {
    const paths = tree.files.map(({ path }) => `${root}/${path}`)
    return () => {
      for (const path of paths) unlinkSync(path)
      return paths.length
    }
  },
  expect: (model) => removeFiles(model),
  after: ({ files, directories }) => ({
    gone: files.map(({ path }) => path),
    listed: directories.map(({ path }) => path),
  }),
}

const OWN_OPERATIONS: Partial<Record<OperationId, OwnOperation>> = {
  chown: onEveryEntry(ENTRY_CHANGES.chown),
  chmod: onEveryEntry(ENTRY_CHANGES.chmod),
  utimes: onEveryEntry(ENTRY_CHANGES.utimes),
  unlink,
  'remove-tree': removeAll,
  walk,
  'read-all': readAll,
  copy,
}

/** Names of the operations on the user's tree. */
export const OWN_OPERATION_IDS = Object.keys(OWN_OPERATIONS) as OperationId[]

/** Of each name in the root what it holds first, then the name itself, as `chown -R` goes. */
function onEveryEntry({ change, expect }: EntryChange): OwnOperation {
  return {
    object: 'entry',
    examined: 'changed',
    plan: ({ root, tree }) => onEachEntry(root, tree, change),
    expect(model) {
      let objects = 0
      for (const node of model.children.values())
        visitNodes(node, (each) => void (objects += expect(each) ? 1 : 0))
      return objects
    },
  }
}

/** Returns what visits every entry and counts those for which `visit` answers true. */
function onEachEntry(
  root: string,
  { tops }: OwnTree,
  visit: (path: string, isFile: boolean) => boolean,
): () => number {
  const paths = tops.map(({ path, type }) => [`${root}/${path}`, type] as const)
  return () => {
    let objects = 0
    for (const [path, type] of paths) {
      if (type === 'directory')
        eachEntry(path, (below, entry) => void (objects += visit(below, entry.isFile()) ? 1 : 0))
      objects += visit(path, type === 'file') ? 1 : 0
    }
    return objects
  }
}

function countBelow(model: DirectoryNode): number {
  let entries = -1
  visitNodes(model, () => void (entries += 1))
  return entries
}

/** Removes every name of a file from a model. Returns how many they were. */
function removeFiles(directory: DirectoryNode): number {
  let names = 0
  for (const [name, node] of directory.children) {
    if (node.type === 'directory') names += removeFiles(node)
    if (node.type !== 'file') continue
    directory.children.delete(name)
    names += 1
  }
  return names
}
