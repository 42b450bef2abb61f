/**
 * The bytes of seeded files: reproducible, at a stated compressibility, and readable from any offset.
 *
 * A file is a row of 4 KiB blocks. The first 1/ratio of a block is random, the rest repeats it, as fio's
 * buffer_compress_percentage does: whatever compresses by block or by larger unit finds about the stated ratio.
 * The random part is the keystream of AES-128-CTR under a key of (seed, identity), whose counter is the block's
 * number, so block n costs nothing of the blocks before it. No block is zero, and none equals another one except
 * by a chance of 2^-128, so there is nothing for a store to leave out or to share.
 */
import { createCipheriv, createHash, type Cipher } from 'node:crypto'

/** The unit in which the bytes compress, and in which page cache and file systems count. */
export const BLOCK = 4096
const AES_BLOCK = 16
/**
 * Bytes of keystream at a time. A cipher's answer is a buffer of its own: one of more than 128 KiB the allocator would take from
 * the kernel and give back each time (mallopt(3), M_MMAP_THRESHOLD), and the page faults of that take longer than the cipher.
 */
const BATCH = 16 * BLOCK

const zeros = Buffer.alloc(BATCH)

/** Inputs that determine the bytes of a file. */
export interface ContentKey {
  seed: number
  /** Tells the file, and the version of it, from every other one of the seed. */
  identity: string
  /** Uncompressed ÷ compressed size: 1 (random) or more. */
  compressibility: number
}

/** Fills `target` with the file's bytes from `offset` on. The stream has no end; a file is a beginning of it. */
export type ContentReader = (target: Buffer, offset: number) => void

/** Bytes that are there already, as those of the user's own image are. */
export interface GivenContent {
  read: ContentReader
}

export type Content = ContentKey | GivenContent

export function openContent(content: Content): ContentReader {
  if ('read' in content) return content.read
  const unique = Math.max(AES_BLOCK, Math.min(BLOCK, Math.round(BLOCK / content.compressibility)))
  const stride = Math.ceil(unique / AES_BLOCK) * AES_BLOCK
  const most = Math.floor(BATCH / stride)
  const key = createHash('sha256')
    .update(JSON.stringify([content.seed, content.identity]))
    .digest()
    .subarray(0, AES_BLOCK)

  let cipher: Cipher | undefined
  let next = -1

  /** A keystream goes on where it ended, so that blocks in order need one cipher. */
  function randomParts(block: number, count: number): Buffer {
    if (cipher === undefined || block !== next) {
      const counter = Buffer.alloc(AES_BLOCK)
      counter.writeBigUInt64BE(BigInt(block) * BigInt(stride / AES_BLOCK), AES_BLOCK / 2)
      cipher = createCipheriv('aes-128-ctr', key, counter)
    }
    next = block + count
    return cipher.update(zeros.subarray(0, count * stride))
  }

  return (target, offset) => {
    let at = 0
    while (at < target.length) {
      const block = Math.floor((offset + at) / BLOCK)
      let within = (offset + at) % BLOCK
      const count = Math.min(most, Math.ceil((within + target.length - at) / BLOCK))
      const parts = randomParts(block, count)
      for (let index = 0; index < count; index += 1) {
        at = expand(parts, index * stride, unique, target, at, within)
        within = 0
      }
    }
  }
}

/** Writes one block's bytes from `within` on, as far as `target` goes; returns where they end in it. */
function expand(
  parts: Buffer,
  start: number,
  unique: number,
  target: Buffer,
  at: number,
  within: number,
): number {
  if (within === 0 && at + BLOCK <= target.length) {
    parts.copy(target, at, start, start + unique)
    // The beginning, which is whole repetitions, is copied behind itself: fewer and longer copies.
    for (let length = unique; length < BLOCK; length *= 2)
      target.copyWithin(at + length, at, at + Math.min(length, BLOCK - length))
    return at + BLOCK
  }
  let written = at
  let position = within
  while (position < BLOCK && written < target.length) {
    const from = position % unique
    const length = Math.min(unique - from, BLOCK - position, target.length - written)
    parts.copy(target, written, start + from, start + from + length)
    written += length
    position += length
  }
  return written
}

/** Returns a generator of numbers in [0, 1) from the same keystream: the dataset's one source of chance. */
export function seededNumbers(seed: number, purpose: string): () => number {
  const read = openContent({ seed, identity: `numbers of ${purpose}`, compressibility: 1 })
  const buffer = Buffer.alloc(BLOCK)
  let offset = 0
  return () => {
    const at = offset % BLOCK
    if (at === 0) read(buffer, offset)
    offset += 4
    return buffer.readUInt32LE(at) / 2 ** 32
  }
}

/** Fisher–Yates. Returns the first `count` of a permutation of 0 … length − 1. */
export function seededChoice(length: number, count: number, random: () => number): Uint32Array {
  const items = Uint32Array.from({ length }, (_, index) => index)
  for (let index = 0; index < count; index += 1) {
    const other = index + Math.floor(random() * (length - index))
    const held = items[index] as number
    items[index] = items[other] as number
    items[other] = held
  }
  return items.subarray(0, count)
}
