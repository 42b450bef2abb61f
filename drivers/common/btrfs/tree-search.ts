/** Reads items of btrfs' trees: BTRFS_IOC_TREE_SEARCH_V2, linux/btrfs.h. Needs CAP_SYS_ADMIN. */
import type { Syscalls } from '../../../harness/contracts/syscalls.ts'

const TREE_SEARCH_V2 = 0xc0709411

// struct btrfs_ioctl_search_args_v2 { struct btrfs_ioctl_search_key key; u64 buf_size; u64 buf[]; }
const KEY_SIZE = 104
const KEY_NR_ITEMS = 64
const BUFFER_AT = KEY_SIZE + 8
const BUFFER_SIZE = 65536
// struct btrfs_ioctl_search_header { u64 transid; u64 objectid; u64 offset; u32 type; u32 len; }
const HEADER_SIZE = 32

const MAX_U64 = 0xffff_ffff_ffff_ffffn
const MAX_TYPE = 255

export interface Key {
  objectId: bigint
  type: number
  offset: bigint
}

export interface Item extends Key {
  /** The transaction that last wrote the tree block which holds the item. */
  blockWritten: bigint
  data: Buffer
}

export interface Search {
  /** 0: the tree of the subvolume that `fd` lies in. */
  tree: bigint
  /** Default: the least key there is. */
  from?: Key
  /** Included. Default: the greatest key there is. */
  to?: Key
  /** Leaves out what lies in tree blocks older than this transaction. */
  writtenSince?: bigint
}

/** Items in the order of their keys. `fd` is any file or directory of the file system. */
export function* searchTree(syscalls: Syscalls, fd: number, search: Search): Generator<Item> {
  const { tree, writtenSince = 0n, to = { objectId: MAX_U64, type: MAX_TYPE, offset: MAX_U64 } } = search
  let from: Key | null = search.from ?? { objectId: 0n, type: 0, offset: 0n }
  while (from !== null) {
    const argument = Buffer.alloc(BUFFER_AT + BUFFER_SIZE)
    const words = [tree, from.objectId, to.objectId, from.offset, to.offset, writtenSince, MAX_U64]
    words.forEach((word, index) => argument.writeBigUInt64LE(word, index * 8))
    argument.writeUInt32LE(from.type, 56)
    argument.writeUInt32LE(to.type, 60)
    argument.writeUInt32LE(0xffff_ffff, KEY_NR_ITEMS)
    argument.writeBigUInt64LE(BigInt(BUFFER_SIZE), KEY_SIZE)
    syscalls.ioctl(fd, TREE_SEARCH_V2, argument)

    let last: Item | null = null
    let at = BUFFER_AT
    for (let left = argument.readUInt32LE(KEY_NR_ITEMS); left > 0; left -= 1) {
      last = readItem(argument, at)
      at += HEADER_SIZE + last.data.length
      yield last
    }
    from = last === null ? null : following(last)
  }
}

function readItem(argument: Buffer, at: number): Item {
  const length = argument.readUInt32LE(at + 28)
  return {
    blockWritten: argument.readBigUInt64LE(at),
    objectId: argument.readBigUInt64LE(at + 8),
    offset: argument.readBigUInt64LE(at + 16),
    type: argument.readUInt32LE(at + 24),
    data: argument.subarray(at + HEADER_SIZE, at + HEADER_SIZE + length),
  }
}

/** Returns the least key above; null above the greatest. */
export function following({ objectId, type, offset }: Key): Key | null {
  if (offset < MAX_U64) return { objectId, type, offset: offset + 1n }
  if (type < MAX_TYPE) return { objectId, type: type + 1, offset: 0n }
  if (objectId < MAX_U64) return { objectId: objectId + 1n, type: 0, offset: 0n }
  return null
}
