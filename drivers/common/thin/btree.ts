/**
 * The B-trees of device mapper's persistent data, as they lie on the disk: Linux drivers/md/persistent-data/
 * dm-btree-internal.h, `struct node_header`, then `max_entries` keys, then as many values:
 *
 *     0  u32 csum     8  u64 blocknr      20  u32 max_entries   28  u32 padding
 *     4  u32 flags   16  u32 nr_entries   24  u32 value_size    32  u64 keys[]
 *
 * In an inner node a value is the number of the child's block, and its key the least key below that child.
 */

/** Bytes of a metadata block: THIN_METADATA_BLOCK_SIZE. */
export const METADATA_BLOCK = 4096

const HEADER_SIZE = 32
const KEY_SIZE = 8
const INTERNAL_NODE = 1

/** Reads one metadata block by its number. */
export type ReadBlock = (block: number) => Buffer

interface Node {
  leaf: boolean
  count: number
  key(index: number): number
  value(index: number): Buffer
}

/** Calls `visit` with every key and value, in order of the keys. */
export function walkTree(read: ReadBlock, root: number, visit: (key: number, value: Buffer) => void): void {
  const node = readNode(read, root)
  for (let index = 0; index < node.count; index += 1) {
    if (node.leaf) visit(node.key(index), node.value(index))
    else walkTree(read, childOf(node, index), visit)
  }
}

/** Returns the value of a key, or null when the tree does not have it. */
export function lookUp(read: ReadBlock, root: number, key: number): Buffer | null {
  let node = readNode(read, root)
  for (;;) {
    let index = node.count - 1
    while (index >= 0 && node.key(index) > key) index -= 1
    if (index < 0) return null
    if (node.leaf) return node.key(index) === key ? node.value(index) : null
    node = readNode(read, childOf(node, index))
  }
}

function childOf(node: Node, index: number): number {
  return Number(node.value(index).readBigUInt64LE(0))
}

function readNode(read: ReadBlock, block: number): Node {
  const data = read(block)
  // A node holds its own number: so a stale or wrong block is never taken for a node.
  if (Number(data.readBigUInt64LE(8)) !== block) {
    throw new Error(`metadata block ${block} is not a node of a B-tree`)
  }
  const valueSize = data.readUInt32LE(24)
  const values = HEADER_SIZE + data.readUInt32LE(20) * KEY_SIZE
  return {
    leaf: (data.readUInt32LE(4) & INTERNAL_NODE) === 0,
    count: data.readUInt32LE(16),
    key: (index) => Number(data.readBigUInt64LE(HEADER_SIZE + index * KEY_SIZE)),
    value: (index) => data.subarray(values + index * valueSize, values + (index + 1) * valueSize),
  }
}
