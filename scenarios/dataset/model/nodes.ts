/** A tree of files as it must be, kept in memory: what each name stands for. */
import type { Contents } from '../many-files/contents.ts'

export interface Owner {
  uid: number
  gid: number
}

/** What directories, files and symbolic links have in common. */
interface Attributes extends Owner {
  /** Time of the last change, seconds since 1970; null: not known. */
  mtime: number | null
}

/** A file, whatever its names: hard links share one node. */
export interface FileNode extends Attributes {
  readonly type: 'file'
  /** Permission bits. */
  mode: number
  /** Number of its names. */
  links: number
  /** Bytes: those of this file in `contents`. */
  contents: Contents
  index: number
  /** Extended attributes by name; null: none is known. */
  attributes: Map<string, string> | null
}

export interface LinkNode extends Attributes {
  readonly type: 'symlink'
  readonly target: string
}

export interface DirectoryNode extends Attributes {
  readonly type: 'directory'
  /** Permission bits. */
  mode: number
  readonly children: Map<string, TreeNode>
}

/** A device, a pipe or a socket. */
export interface SpecialNode extends Attributes {
  readonly type: 'special'
  /** Permission bits. */
  mode: number
  /** What it is: `c 1:3`. */
  readonly kind: string
}

export type TreeNode = FileNode | LinkNode | DirectoryNode | SpecialNode

export function directoryNode(mode: number, { uid, gid }: Owner): DirectoryNode {
  return { type: 'directory', uid, gid, mtime: null, mode, children: new Map() }
}

export function fileNode(mode: number, { uid, gid }: Owner, contents: Contents, index: number): FileNode {
  return { type: 'file', uid, gid, mtime: null, mode, links: 1, contents, index, attributes: null }
}

export function linkNode(target: string, { uid, gid }: Owner): LinkNode {
  return { type: 'symlink', uid, gid, mtime: null, target }
}
