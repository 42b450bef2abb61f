/**
 * Which blocks of a thin device are its own, from the pool's metadata: Linux drivers/md/dm-thin-metadata.c.
 *
 * A pool keeps a clock that goes one on with every snapshot. Each mapping (block of the device → block of the data)
 * carries the time at which it was made, and each device the time at which the device was. A mapping that is no
 * older than its device was made by a write to the device; an older one was taken over from the origin with the
 * snapshot. So the device's own blocks can be told from the inherited ones, which the counts of mapped sectors in
 * the device's status cannot do. The kernel decides by the same comparison whether a write has to copy the block.
 */
import type { Range } from '../../../harness/contracts/syscalls.ts'
import { commonBytes } from '../../../harness/linux/ranges.ts'
import { lookUp, METADATA_BLOCK, walkTree, type ReadBlock } from './btree.ts'

/** `struct thin_disk_superblock`: offsets in bytes. */
const BLOCK_NUMBER_OFFSET = 8
const MAGIC_OFFSET = 32
const MAPPING_ROOT_OFFSET = 320
const DETAILS_ROOT_OFFSET = 328
const MAGIC = 27022010n

/** `struct disk_device_details`: u64 mapped_blocks, u64 transaction_id, u32 creation_time, u32 snapshotted_time. */
const CREATION_TIME_OFFSET = 16

/** A mapping is `data block << 24 | time`. */
const TIME_MASK = 0xffffff

const EVERYWHERE: readonly Range[] = [{ start: 0, end: Infinity }]

/** Parts of a thin device, in order and without overlap. Bytes of the device. */
export interface ThinBlocks {
  /** Allocated for the device since it was made. */
  own: Range[]
  /** Came with the snapshot and were not written since. */
  inherited: Range[]
}

export interface ThinBytes {
  own: number
  inherited: number
}

/** Returns how many bytes there are of each kind: in all of the device, or in parts of it. */
export function bytesIn({ own, inherited }: ThinBlocks, parts: readonly Range[] = EVERYWHERE): ThinBytes {
  return { own: commonBytes(own, parts), inherited: commonBytes(inherited, parts) }
}

/** Reads metadata blocks from a device or file that is open for reading. */
export function blockReader(readAt: (buffer: Buffer, position: number) => number): ReadBlock {
  return (block) => {
    const buffer = Buffer.alloc(METADATA_BLOCK)
    if (readAt(buffer, block * METADATA_BLOCK) !== METADATA_BLOCK) {
      throw new Error(`metadata block ${block} lies beyond the end of the device`)
    }
    return buffer
  }
}

/**
 * Returns the blocks of a thin device, each of `blockSize` bytes, in the metadata whose superblock lies in block `superblock`:
 * that of a metadata snapshot, since the live one changes under the reader.
 */
export function thinBlocks(
  read: ReadBlock,
  superblock: number,
  thinId: number,
  blockSize: number,
): ThinBlocks {
  const root = readSuperblock(read, superblock)
  const details = lookUp(read, root.details, thinId)
  const mappings = lookUp(read, root.mappings, thinId)
  if (details === null || mappings === null) throw new Error(`the pool has no thin device ${thinId}`)
  const created = details.readUInt32LE(CREATION_TIME_OFFSET)
  const blocks: ThinBlocks = { own: [], inherited: [] }
  walkTree(read, Number(mappings.readBigUInt64LE(0)), (block, mapping) => {
    const kind = (mapping.readUInt32LE(0) & TIME_MASK) >= created ? 'own' : 'inherited'
    blocks[kind].push({ start: block * blockSize, end: (block + 1) * blockSize })
  })
  return blocks
}

function readSuperblock(read: ReadBlock, block: number): { mappings: number; details: number } {
  const data = read(block)
  if (
    data.readBigUInt64LE(MAGIC_OFFSET) !== MAGIC ||
    Number(data.readBigUInt64LE(BLOCK_NUMBER_OFFSET)) !== block
  ) {
    throw new Error(`metadata block ${block} is not a thin pool’s superblock`)
  }
  return {
    mappings: Number(data.readBigUInt64LE(MAPPING_ROOT_OFFSET)),
    details: Number(data.readBigUInt64LE(DETAILS_ROOT_OFFSET)),
  }
}
