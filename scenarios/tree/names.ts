/** Operations on the names of the tree: new ones, other ones, fewer. */
import { linkSync, mkdirSync, renameSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import {
  addNode,
  directoryAt,
  linkNodeTo,
  removeNode,
  renameNode,
  visitNodes,
} from '../dataset/model/change.ts'
import { directoryNode, fileNode, type DirectoryNode } from '../dataset/model/nodes.ts'
import {
  directoryPaths,
  eachFile,
  fileName,
  groupPath,
  groupsOf,
  LATEST,
  type ManyFiles,
} from '../dataset/many-files/places.ts'
import { ownerOfProcess } from '../dataset/many-files/write.ts'
import { moveDirectories } from './copy-tree.ts'
import { inParent } from './params.ts'
import type { TreeOperation } from './operation.ts'
import { RECREATED_MODE } from './recreated.ts'
import { removeTree } from './walk.ts'

/** Permission bits of new directories: no umask takes from these. */
const NEW_DIRECTORY = 0o700

export const mkdir: TreeOperation = {
  object: 'directory',
  plan({ root, tree }) {
    const paths = pathsOf(root, tree, 'n')
    return () => {
      for (const path of paths) mkdirSync(path, NEW_DIRECTORY)
      return { objects: paths.length }
    }
  },
  expect(model, { tree }) {
    const owner = ownerOfProcess()
    eachFile(tree, (directory, index) => {
      addNode(model, inParent(`${directory}/${fileName(index, 'n')}`), directoryNode(NEW_DIRECTORY, owner))
    })
    return tree.files
  },
}

export const renameFile: TreeOperation = {
  ...onEachFile(renameSync, 'r', renameNode),
  nameAfterwards: (index) => fileName(index, 'r'),
}

/** aufs copies a file of the image up under its second name alone, and finds it by the first through a folder of its own. */
export const hardlink: TreeOperation = {
  ...onEachFile(linkSync, 'h', linkNodeTo),
  nameAfterwards: (index) => fileName(index, 'h'),
}

export const renameDirectory: TreeOperation = {
  object: 'directory',
  plan({ root, tree, syscalls }) {
    const pairs = groups(tree).map((path) => [join(root, path), join(root, movedName(path))] as const)
    return () => ({ objects: pairs.length, moved: moveDirectories(pairs, syscalls) })
  },
  expect(model, { tree }) {
    for (const path of groups(tree)) renameNode(model, inParent(path), inParent(movedName(path)))
    return groupsOf(tree)
  },
}

export const unlink: TreeOperation = {
  object: 'file',
  plan({ root, tree }) {
    const paths = pathsOf(root, tree, 'f')
    return () => {
      for (const path of paths) unlinkSync(path)
      return { objects: paths.length }
    }
  },
  expect(model, { tree }) {
    eachFile(tree, (directory, index) => removeNode(model, inParent(`${directory}/${fileName(index)}`)))
    return tree.files
  },
  after: (tree) => ({ gone: pathsOf('', tree, 'f'), listed: directoryPaths(tree) }),
}

export const removeTrees: TreeOperation = {
  object: 'entry',
  plan({ root, tree }) {
    const paths = groups(tree).map((path) => join(root, path))
    return () => {
      let objects = 0
      for (const path of paths) objects += removeTree(path)
      return { objects }
    }
  },
  expect(model, { tree }) {
    let objects = 0
    for (const path of groups(tree)) visitNodes(removeNode(model, inParent(path)), () => void (objects += 1))
    return objects
  },
  after: (tree) => ({ gone: groups(tree), listed: [tree.home] }),
}

/** The files and directories come again with other content; the symbolic links do not. */
export const recreate: TreeOperation = {
  object: 'file',
  bytes: 'written',
  plan({ root, tree, recreated }) {
    const paths = groups(tree).map((path) => join(root, path))
    const directories = directoryPaths(tree).map((path) => join(root, path))
    const files = pathsOf(root, tree, 'f')
    return () => {
      for (const path of paths) removeTree(path)
      for (const path of directories) mkdirSync(path, NEW_DIRECTORY)
      for (let index = 0; index < files.length; index += 1) recreated.create(files[index] as string, index)
      return { objects: files.length }
    }
  },
  expect(model, { tree, recreated }) {
    const owner = ownerOfProcess()
    for (const path of groups(tree)) removeNode(model, inParent(path))
    for (const path of directoryPaths(tree))
      addNode(model, inParent(path), directoryNode(NEW_DIRECTORY, owner))
    eachFile(tree, (directory, index) => {
      const node = fileNode(RECREATED_MODE, owner, recreated, index)
      directoryAt(model, inParent(directory)).children.set(fileName(index), node)
    })
    return tree.files
  },
  after: (tree) => {
    const listed = directoryPaths(tree)
    return { gone: listed.map((path) => `${path}/${LATEST}`), listed }
  },
}

/** An operation that gives each file a name with another letter, beside the first or in its place. */
function onEachFile(
  call: (from: string, to: string) => void,
  letter: string,
  expect: (model: DirectoryNode, from: string, to: string) => void,
): TreeOperation {
  return {
    object: 'file',
    changesFiles: true,
    plan({ root, tree }) {
      const [from, to] = [pathsOf(root, tree, 'f'), pathsOf(root, tree, letter)]
      return () => {
        for (let index = 0; index < from.length; index += 1) call(from[index] as string, to[index] as string)
        return { objects: from.length }
      }
    },
    expect(model, { tree }) {
      eachFile(tree, (directory, index) => {
        const named = (first: string) => inParent(`${directory}/${fileName(index, first)}`)
        expect(model, named('f'), named(letter))
      })
      return tree.files
    },
  }
}

/** Returns the path of each file, with another letter where it is another thing of that number. */
function pathsOf(root: string, tree: ManyFiles, letter: string): string[] {
  const paths: string[] = []
  eachFile(tree, (directory, index) => paths.push(join(root, directory, fileName(index, letter))))
  return paths
}

function groups(tree: ManyFiles): string[] {
  return Array.from({ length: groupsOf(tree) }, (_, group) => groupPath(tree, group))
}

/** `HOME/d0003` → `HOME/d0003-moved`. */
function movedName(path: string): string {
  return `${path}-moved`
}
