/** Space that a subvolume holds and its parent does not, from the file system's own trees. */
import type { Usage } from '../../../harness/contracts/snapshotter.ts'
import type { Syscalls } from '../../../harness/contracts/syscalls.ts'
import { searchTree, type Item } from './tree-search.ts'

// linux/btrfs_tree.h
const ROOT_TREE = 1n
const INODE_ITEM = 1
const ORPHAN_ITEM = 48
const EXTENT_DATA = 108
const ORPHAN_OBJECT = BigInt.asUintN(64, -5n)

// struct btrfs_file_extent_item: generation, ram_bytes, four bytes of encodings, type, disk_bytenr, disk_num_bytes …
const EXTENT_TYPE = 20
const EXTENT_DISK_START = 21
const EXTENT_DISK_BYTES = 29
const EXTENT_INLINE_DATA = 21
const EXTENT_INLINE = 0

/**
 * Returns the bytes (as stored, so compressed) and inodes of the subvolume that `fd` lies in which are younger than the
 * transaction `since`. A snapshot's creation ends its transaction, so all that is younger is the snapshot's own. A
 * quota group's "exclusive" would not do: it falls to nothing when a committed layer gets its first child.
 */
export function usageSince(syscalls: Syscalls, fd: number, since: bigint): Usage {
  const extents = new Map<bigint, number>()
  let inlineBytes = 0
  let inodes = 0
  for (const item of searchTree(syscalls, fd, { tree: 0n, writtenSince: since })) {
    const known = item.type === INODE_ITEM || item.type === EXTENT_DATA
    // Both kinds begin with the transaction that made them.
    if (!known || item.data.readBigUInt64LE(0) < since) continue
    if (item.type === INODE_ITEM) inodes += 1
    else if (item.data[EXTENT_TYPE] === EXTENT_INLINE) inlineBytes += item.data.length - EXTENT_INLINE_DATA
    else extents.set(item.data.readBigUInt64LE(EXTENT_DISK_START), storedBytes(item))
  }
  // An extent that was partly overwritten is still there whole, and several items point into it. Holes lie at 0.
  extents.delete(0n)
  const bytes = [...extents.values()].reduce((sum, length) => sum + length, inlineBytes)
  return { bytes, inodes }
}

function storedBytes(item: Item): number {
  return Number(item.data.readBigUInt64LE(EXTENT_DISK_BYTES))
}

/** Is a deleted subvolume still being freed? Until it is done an orphan item of the root tree names it. */
export function isFreeing(syscalls: Syscalls, fd: number): boolean {
  const key = { objectId: ORPHAN_OBJECT, type: ORPHAN_ITEM }
  const orphans = searchTree(syscalls, fd, {
    tree: ROOT_TREE,
    from: { ...key, offset: 0n },
    to: { ...key, offset: 0xffff_ffff_ffff_ffffn },
  })
  return orphans.next().done !== true
}
