/** Writes a tree of many files, and says what it wrote: as a model, and as entries of a manifest. */
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { ManifestEntry } from '../../../harness/contracts/image.ts'
import { addNode, makeDirectories } from '../model/change.ts'
import { directoryNode, fileNode, linkNode, type DirectoryNode, type Owner } from '../model/nodes.ts'
import { createFile, type Contents } from './contents.ts'
import {
  DIRECTORY_MODE,
  directoryPath,
  eachFile,
  filesOf,
  fileMode,
  fileName,
  LATEST,
  latestTarget,
  type ManyFiles,
} from './places.ts'

/** Writes the tree below `root`, where its home's parent exists. */
export function writeManyFiles(root: string, tree: ManyFiles, contents: Contents): void {
  makeDirectory(join(root, tree.home))
  for (let directory = 0; directory < tree.directories; directory += 1) {
    const path = join(root, directoryPath(tree, directory))
    makeDirectory(path)
    symlinkSync(latestTarget(tree, directory), `${path}/${LATEST}`)
  }
  eachFile(tree, (directory, index) => {
    createFile(`${root}/${directory}/${fileName(index)}`, contents, index, fileMode(index))
  })
}

function makeDirectory(path: string): void {
  mkdirSync(path)
  // The umask may have taken from it.
  chmodSync(path, DIRECTORY_MODE)
}

/** Adds the tree to a model, as `writeManyFiles` writes it for this owner. */
export function modelManyFiles(root: DirectoryNode, tree: ManyFiles, contents: Contents, owner: Owner): void {
  makeDirectories(root, tree.home, DIRECTORY_MODE, owner)
  for (let directory = 0; directory < tree.directories; directory += 1) {
    const node = directoryNode(DIRECTORY_MODE, owner)
    node.children.set(LATEST, linkNode(latestTarget(tree, directory), owner))
    const { first, end } = filesOf(tree, directory)
    for (let index = first; index < end; index += 1)
      node.children.set(fileName(index), fileNode(fileMode(index), owner, contents, index))
    addNode(root, directoryPath(tree, directory), node)
  }
}

/** Returns the entries that the tree adds to an image's manifest, as this process writes it. */
export function manifestOfManyFiles(tree: ManyFiles, contents: Contents): ManifestEntry[] {
  const owner = ownerOfProcess()
  const directory = { type: 'directory', mode: DIRECTORY_MODE, ...owner, size: 0, digest: '' } as const
  const entries: ManifestEntry[] = [{ path: tree.home, ...directory }]
  for (let index = 0; index < tree.directories; index += 1) {
    const path = directoryPath(tree, index)
    const digest = latestTarget(tree, index)
    entries.push(
      { path, ...directory },
      { path: `${path}/${LATEST}`, type: 'symlink', mode: 0o777, ...owner, size: 0, digest },
    )
  }
  eachFile(tree, (path, index) => {
    entries.push({
      path: `${path}/${fileName(index)}`,
      type: 'file',
      mode: fileMode(index),
      ...owner,
      size: contents.size,
      digest: contents.digest(index),
    })
  })
  return entries
}

/** Returns the owner of what this process writes. */
export function ownerOfProcess(): Owner {
  return { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }
}
