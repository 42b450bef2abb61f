/** What fio left of the large file. */
import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import type { Trial } from '../../harness/contracts/scenario.ts'
import { BIG_FILE } from '../common/big-file-image.ts'
import { BLOCK, openContent } from '../dataset/content.ts'
import { ownContent } from '../dataset/image.ts'
import type { SmallwritesParams } from './params.ts'

/** Compared at a time. */
const PIECE = 4 * 1024 ** 2

/**
 * How many blocks of the container's file are no longer the image's, and its hash, in one pass: what fio writes is
 * not known beforehand.
 */
export function compareWithImage(
  { seed, params }: Trial<SmallwritesParams>,
  path: string,
): { changed: number; digest: string } {
  const hash = createHash('sha256')
  const original = openContent(ownContent(seed, params.compressibility, BIG_FILE))
  const [seen, expected] = [Buffer.alloc(PIECE), Buffer.alloc(PIECE)]
  const fd = openSync(path, 'r')
  try {
    let changed = 0
    for (let offset = 0; offset < params.size; offset += PIECE) {
      const length = readPiece(fd, seen, offset)
      original(expected.subarray(0, length), offset)
      hash.update(seen.subarray(0, length))
      changed += differing(seen.subarray(0, length), expected.subarray(0, length))
    }
    return { changed, digest: hash.digest('hex') }
  } finally {
    closeSync(fd)
  }
}

/** read(2) may give less than asked for. */
function readPiece(fd: number, target: Buffer, offset: number): number {
  let length = 0
  while (length < target.length) {
    const got = readSync(fd, target, length, target.length - length, offset + length)
    if (got === 0) break
    length += got
  }
  return length
}

function differing(seen: Buffer, expected: Buffer): number {
  if (seen.equals(expected)) return 0
  let count = 0
  for (let at = 0; at < seen.length; at += BLOCK) {
    if (!seen.subarray(at, at + BLOCK).equals(expected.subarray(at, at + BLOCK))) count += 1
  }
  return count
}
