/** New content for all of the large file: no block is the image's, and no two are equal. */
import { writeSync } from 'node:fs'
import type { Trial } from '../../harness/contracts/scenario.ts'
import { BIG_FILE } from '../common/big-file-image.ts'
import { BLOCK, openContent } from '../dataset/content.ts'
import { ownContent } from '../dataset/image.ts'
import type { SmallwritesParams } from './params.ts'

/** Made beforehand and written again and again, each block stamped with its number: to make it all would be timed. */
const POOL = 4 * 1024 ** 2

export function newContent({ seed, params }: Pick<Trial<SmallwritesParams>, 'params' | 'seed'>): Buffer {
  const pool = Buffer.alloc(POOL)
  openContent(ownContent(seed, params.compressibility, `${BIG_FILE}, rewritten`))(pool, 0)
  return pool
}

export function writeFirstBlock(fd: number, pool: Buffer): void {
  pool.writeUInt32LE(0, 0)
  writeSync(fd, pool, 0, BLOCK, 0)
}

/** From the beginning to the end, by large writes. */
export function rewriteAll(fd: number, size: number, pool: Buffer): void {
  for (let offset = 0; offset < size; offset += pool.length) {
    const length = Math.min(pool.length, size - offset)
    for (let at = 0; at + 4 <= length; at += BLOCK) pool.writeUInt32LE((offset + at) / BLOCK, at)
    // write(2) may take less than it was given.
    for (let written = 0; written < length;) {
      written += writeSync(fd, pool, written, length - written, offset + written)
    }
  }
}
