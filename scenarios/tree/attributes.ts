/** Operations on the inodes of the tree, as `chown -R`, `chmod -R` and `find -exec touch` make them. */
import { chmodSync, lchownSync, lstatSync, lutimesSync } from 'node:fs'
import { join } from 'node:path'
import { BenchError, ExitCode } from '../../harness/contracts/error.ts'
import { errnoOf } from '../../harness/contracts/syscalls.ts'
import { directoryAt, visitNodes } from '../dataset/model/change.ts'
import type { TreeNode } from '../dataset/model/nodes.ts'
import { directoryPath, eachFile, fileName } from '../dataset/many-files/places.ts'
import type { TreeOperation } from './operation.ts'
import { inParent } from './params.ts'
import { eachEntry } from './walk.ts'

/** The first user of most images. */
const OWNER = { uid: 1000, gid: 1000 }
/** Permission that `chmod -R` adds: g+w. */
const GROUP_WRITES = 0o020
const PERMISSIONS = 0o7777
const SET_USER_ID = 0o4000
const SET_GROUP_ID = 0o2000
const GROUP_EXECUTES = 0o010
/** Seconds since 1970, in 2020. */
const TIME = 1_600_000_000
const ATTRIBUTE = 'user.bench'
const VALUE = 'as long as a short checksum, 32 B'

/** A change of an entry, and the same of its node in the model. Both tell whether they changed it. */
export interface EntryChange {
  change(path: string): boolean
  expect(node: TreeNode): boolean
}

export const ENTRY_CHANGES = {
  chown: {
    change(path) {
      lstatSync(path)
      lchownSync(path, OWNER.uid, OWNER.gid)
      return true
    },
    expect(node) {
      Object.assign(node, OWNER)
      if (node.type === 'file' || node.type === 'special') node.mode = modeAfterChown(node.mode)
      return true
    },
  },
  chmod: {
    change(path) {
      const stat = lstatSync(path)
      if (stat.isSymbolicLink()) return false
      chmodSync(path, (stat.mode & PERMISSIONS) | GROUP_WRITES)
      return true
    },
    expect(node) {
      if (node.type === 'symlink') return false
      node.mode |= GROUP_WRITES
      return true
    },
  },
  utimes: {
    change(path) {
      lutimesSync(path, TIME, TIME)
      return true
    },
    expect(node) {
      node.mtime = TIME
      return true
    },
  },
} satisfies Record<string, EntryChange>

/** Another owner takes the set-user-ID bit, and the set-group-ID bit of what its group may execute: chown(2). */
function modeAfterChown(mode: number): number {
  const group = (mode & GROUP_EXECUTES) === 0 ? 0 : SET_GROUP_ID
  return mode & ~(SET_USER_ID | group)
}

export const chown = onEveryEntry(ENTRY_CHANGES.chown)
export const chmod = onEveryEntry(ENTRY_CHANGES.chmod)
export const utimes = onEveryEntry(ENTRY_CHANGES.utimes)

export const xattr: TreeOperation = {
  object: 'file',
  changesFiles: true,
  plan({ root, tree, syscalls }) {
    const paths: string[] = []
    eachFile(tree, (directory, index) => paths.push(join(root, directory, fileName(index))))
    const value = Buffer.from(VALUE)
    return () => {
      try {
        for (const path of paths) syscalls.lsetxattr(path, ATTRIBUTE, value)
      } catch (error) {
        throw errnoOf(error) === 'ENOTSUP' ? refusal() : error
      }
      return { objects: paths.length }
    }
  },
  expect(model, { tree }) {
    for (let directory = 0; directory < tree.directories; directory += 1) {
      for (const node of directoryAt(model, inParent(directoryPath(tree, directory))).children.values())
        if (node.type === 'file') node.attributes = new Map([[ATTRIBUTE, VALUE]])
    }
    return tree.files
  },
}

/** There is nothing to compare with where the work is refused: no time of it would be a price. */
function refusal(): BenchError {
  return new BenchError(
    'the container answers ENOTSUP to lsetxattr(2): its files cannot have extended attributes',
    {
      code: 'tree.refused',
      hint: 'the driver, as it is built or configured, does not have them',
      exitCode: ExitCode.nothingRuns,
    },
  )
}

/** An operation on all entries, the tree's home last. */
function onEveryEntry({ change, expect }: EntryChange): TreeOperation {
  return {
    object: 'entry',
    changesFiles: true,
    plan({ root, tree }) {
      const home = join(root, tree.home)
      return () => {
        let objects = 0
        const visit = (path: string) => {
          if (change(path)) objects += 1
        }
        eachEntry(home, visit)
        visit(home)
        return { objects }
      }
    },
    expect(model, { tree }) {
      let objects = 0
      visitNodes(directoryAt(model, inParent(tree.home)), (node) => {
        if (expect(node)) objects += 1
      })
      return objects
    },
  }
}
