/** Holds what a tree shows against what it must show. */
import type { Trial } from '../../harness/contracts/scenario.ts'
import { readTree, treeDifference, treeHash, withoutAdded, type TreeState } from './tree-state.ts'
import { contradiction } from './witness.ts'

/**
 * Throws `witness.content` unless the tree at `root` is the expected one. Returns a hash over it. Warns where it shows two names of a
 * file as two files, other times of directories, or other fractions of seconds. What the engine adds to containers does not count.
 */
export function requireTree(
  { host, record, evidence }: Pick<Trial, 'host' | 'record'> & { evidence: Pick<Trial['evidence'], 'adds'> },
  root: string,
  expected: TreeState,
  where: string,
): string {
  const seen = withoutAdded(readTree(host.syscalls, root), evidence.adds, expected)
  const wrong = treeDifference(expected, seen, true)
  if (wrong !== null) throw contradiction('content', `${where}: ${wrong}`)
  const difference = treeDifference(expected, seen)
  if (difference !== null) record.warning('layer.difference', `${where}: ${difference}`)
  return treeHash(seen)
}
