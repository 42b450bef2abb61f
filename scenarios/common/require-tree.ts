/** Holds what a tree shows against what it must show. */
import type { Trial } from '../../harness/contracts/scenario.ts'
import { readTree, treeDifference, treeHash, type TreeState } from './tree-state.ts'
import { contradiction } from './witness.ts'

/**
 * Throws `witness.content` unless the tree at `root` is the expected one. Returns a hash over it. Warns where it shows two names of a
 * file as two files, other times of directories, or other fractions of seconds.
 */
export function requireTree(
  { host, record }: Pick<Trial, 'host' | 'record'>,
  root: string,
  expected: TreeState,
  where: string,
): string {
  const seen = readTree(host.syscalls, root)
  const wrong = treeDifference(expected, seen, true)
  if (wrong !== null) throw contradiction('content', `${where}: ${wrong}`)
  const difference = treeDifference(expected, seen)
  if (difference !== null) record.warning('layer.difference', `${where}: ${difference}`)
  return treeHash(seen)
}
