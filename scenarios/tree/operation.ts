import type { Syscalls } from '../../harness/contracts/syscalls.ts'
import type { DirectoryNode } from '../dataset/model/nodes.ts'
import type { ManyFiles } from '../dataset/many-files/places.ts'
import type { Contents } from '../dataset/many-files/contents.ts'
import type { Moved } from './copy-tree.ts'
import type { PooledContents } from './recreated.ts'

/** What an operation works on. */
export interface Work {
  /** Where the container is mounted. */
  readonly root: string
  readonly tree: ManyFiles
  /** What the image's files hold. */
  readonly contents: Contents
  /** What `recreate` writes. */
  readonly recreated: PooledContents
  readonly syscalls: Syscalls
}

/** What the timed work did. */
export interface Done {
  /** Entries, files or directories that were changed; of a read, seen. */
  readonly objects: number
  /** Only of a rename of directories. */
  readonly moved?: Moved
}

/** One `op=` of the scenario. */
export interface TreeOperation {
  /** Returns the timed work. All that it need not do itself is made ready before: names, bytes. */
  plan(work: Work): () => Done
  /** Makes the same change to the model of the image. Returns the number of objects that the work must have changed. */
  expect(model: DirectoryNode, work: Omit<Work, 'root' | 'syscalls'>): number
  /** One of the objects: `file`, `directory`, `entry`. */
  readonly object: string
  /** Whether the image's files are still there afterwards, with changed inodes or names: the mechanism is then theirs. */
  readonly changesFiles?: true
  /** Name by which a file is looked at afterwards, where it is another. */
  readonly nameAfterwards?: (index: number) => string
  /** How each file gets bytes of its own, if it does: a copy may be a clone, what is written must reach the device. */
  readonly bytes?: 'written' | 'copied'
  /** What is looked for in vain, and what is listed, after names went away. Relative to the root. */
  readonly after?: (tree: ManyFiles) => { gone: readonly string[]; listed: readonly string[] }
}
