/** What `recreate` writes: other bytes than the image's, made beforehand and written again and again. */
import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs'
import { DEFAULT_RATIO } from '../common/options.ts'
import { createHash } from 'node:crypto'
import { openContent } from '../dataset/content.ts'
import { ownContent } from '../dataset/image.ts'
import type { Contents } from '../dataset/many-files/contents.ts'
import { HOME } from './params.ts'

const POOL = 4 * 1024 ** 2
/** Bytes from the beginning of one file to that of the next in the pool: a prime, so that a million files differ. */
const STEP = 4099

/** Content from a pool, and how it is written. */
export interface PooledContents extends Contents {
  /** Creates the file: open(2), write(2), close(2), and ftruncate(2) for one that begins with a hole. */
  create(path: string, index: number): void
}

/** Permission bits of the files: no umask takes from these. */
export const RECREATED_MODE = 0o600

const pools = new Map<number, Buffer>()

/** Every sample of a run has the same. */
function poolOf(seed: number): Buffer {
  const known = pools.get(seed)
  if (known !== undefined) return known
  const pool = Buffer.alloc(POOL)
  openContent(ownContent(seed, DEFAULT_RATIO, `${HOME}, recreated`))(pool, 0)
  pools.set(seed, pool)
  return pool
}

/** Returns the new content of files whose parts are those of `like`. */
export function recreatedContents(seed: number, like: Contents): PooledContents {
  const pool = poolOf(seed)
  const { size, data } = like
  const [part] = data

  /** Visits the pool's pieces that are the bytes of a file from `offset` on. */
  function eachPiece(
    index: number,
    offset: number,
    length: number,
    visit: (start: number, length: number, at: number) => void,
  ): void {
    for (let at = 0; at < length;) {
      const start = (index * STEP + offset + at) % POOL
      const piece = Math.min(POOL - start, length - at)
      visit(start, piece, offset + at)
      at += piece
    }
  }

  const contents: PooledContents = {
    size,
    data,
    create(path, index) {
      const fd = openSync(path, 'wx', RECREATED_MODE)
      if (part !== undefined) {
        if (part.offset > 0) ftruncateSync(fd, size)
        eachPiece(index, part.offset, part.length, (start, length, at) => {
          for (let put = 0; put < length;) put += writeSync(fd, pool, start + put, length - put, at + put)
        })
      }
      closeSync(fd)
    },
    read(index, target, offset) {
      const hole = Math.max(0, Math.min(target.length, (part?.offset ?? 0) - offset))
      target.fill(0, 0, hole)
      eachPiece(index, offset + hole, target.length - hole, (start, length, at) => {
        pool.copy(target, at - offset, start, start + length)
      })
    },
    digest(index) {
      const bytes = Buffer.alloc(size)
      contents.read(index, bytes, 0)
      return createHash('sha256').update(bytes).digest('hex')
    },
  }
  return contents
}
