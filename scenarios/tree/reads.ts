/** Operations that read the tree, and the copy of it. */
import { closeSync, lstatSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { addNode, copyOf, directoryAt, visitNodes } from '../dataset/model/change.ts'
import type { DirectoryNode } from '../dataset/model/nodes.ts'
import { copyTree } from './copy-tree.ts'
import type { TreeOperation } from './operation.ts'
import { COPY, inParent } from './params.ts'
import { eachEntry } from './walk.ts'

/** Bytes: as cat and tar read. */
const PIECE = 128 * 1024
const buffer = Buffer.allocUnsafeSlow(PIECE)

/** `find -size`, `du`: every directory is listed, and every entry looked at. */
export const walk: TreeOperation = {
  object: 'entry',
  plan({ root, tree }) {
    const home = join(root, tree.home)
    return () => {
      let objects = 0
      eachEntry(home, (path) => {
        lstatSync(path)
        objects += 1
      })
      return { objects }
    }
  },
  expect: (model, { tree }) => countBelow(directoryAt(model, inParent(tree.home))),
}

/** `grep -r`, `tar`: every directory is listed, and every file read to its end. */
export const readAll: TreeOperation = {
  object: 'file',
  plan({ root, tree }) {
    const home = join(root, tree.home)
    return () => {
      let objects = 0
      eachEntry(home, (path, entry) => {
        if (!entry.isFile()) return
        readToItsEnd(path)
        objects += 1
      })
      return { objects }
    }
  },
  expect: (_, { tree }) => tree.files,
}

export const copy: TreeOperation = {
  object: 'entry',
  bytes: 'copied',
  plan({ root, tree, syscalls }) {
    const [from, to] = [join(root, tree.home), join(root, COPY)]
    return () => ({ objects: copyTree(from, to, syscalls) })
  },
  expect(model, { tree }) {
    const home = directoryAt(model, inParent(tree.home))
    addNode(model, inParent(COPY), copyOf(home))
    return 1 + countBelow(home)
  },
}

/** Reads a file as cat does. */
export function readToItsEnd(path: string): void {
  const fd = openSync(path, 'r')
  while (readSync(fd, buffer, 0, PIECE, null) > 0);
  closeSync(fd)
}

function countBelow(directory: DirectoryNode): number {
  let entries = -1
  visitNodes(directory, () => void (entries += 1))
  return entries
}
