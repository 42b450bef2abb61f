/** Changes of a model, as the system calls of the same names make them. What cannot be is a bug of the caller. */
import { basename, dirname } from 'node:path'
import { directoryNode, type DirectoryNode, type Owner, type TreeNode } from './nodes.ts'

/** Returns what a path stands for; undefined: nothing. `.` is the root. */
export function findNode(root: DirectoryNode, path: string): TreeNode | undefined {
  let node: TreeNode | undefined = root
  if (path === '.') return node
  for (const name of path.split('/')) {
    if (node?.type !== 'directory') return undefined
    node = node.children.get(name)
  }
  return node
}

/** Returns the directory of a path. Throws where there is none. */
export function directoryAt(root: DirectoryNode, path: string): DirectoryNode {
  const node = findNode(root, path)
  if (node?.type !== 'directory') throw new Error(`the model has no directory ${path}`)
  return node
}

/** Adds a node under a free name. */
export function addNode(root: DirectoryNode, path: string, node: TreeNode): void {
  const { children } = directoryAt(root, dirname(path))
  if (children.has(basename(path))) throw new Error(`the model already has ${path}`)
  children.set(basename(path), node)
}

/** Makes the directories of a path that are not there. */
export function makeDirectories(root: DirectoryNode, path: string, mode: number, owner: Owner): void {
  if (findNode(root, path) !== undefined) return
  makeDirectories(root, dirname(path), mode, owner)
  addNode(root, path, directoryNode(mode, owner))
}

/** Takes a name away, with all that lies below it. */
export function removeNode(root: DirectoryNode, path: string): TreeNode {
  const { children } = directoryAt(root, dirname(path))
  const node = children.get(basename(path))
  if (node === undefined) throw new Error(`the model has no ${path}`)
  children.delete(basename(path))
  visitNodes(node, (each) => {
    if (each.type === 'file') each.links -= 1
  })
  return node
}

/** Gives a node another name; what had that name before is gone. */
export function renameNode(root: DirectoryNode, from: string, to: string): void {
  const source = directoryAt(root, dirname(from)).children
  const node = source.get(basename(from))
  if (node === undefined) throw new Error(`the model has no ${from}`)
  const replaced = findNode(root, to)
  // Two names of one file: rename(2) does nothing.
  if (replaced === node) return
  if (replaced !== undefined) removeNode(root, to)
  source.delete(basename(from))
  addNode(root, to, node)
}

/** Gives a file one more name. */
export function linkNodeTo(root: DirectoryNode, from: string, to: string): void {
  const node = findNode(root, from)
  if (node?.type !== 'file') throw new Error(`the model has no file ${from}`)
  addNode(root, to, node)
  node.links += 1
}

/** Returns a copy of a node and of all below it, with files of their own; hard links become files each, as cp makes them one by one. */
export function copyOf(node: TreeNode): TreeNode {
  if (node.type === 'symlink' || node.type === 'special') return { ...node }
  if (node.type === 'file')
    return { ...node, links: 1, attributes: node.attributes === null ? null : new Map(node.attributes) }
  const children = new Map<string, TreeNode>()
  for (const [name, child] of node.children) children.set(name, copyOf(child))
  return { ...node, children }
}

/** Visits a node and all below it; a file once for each of its names. */
export function visitNodes(node: TreeNode, visit: (node: TreeNode) => void): void {
  visit(node)
  if (node.type === 'directory') for (const child of node.children.values()) visitNodes(child, visit)
}
