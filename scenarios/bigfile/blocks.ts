/** `touch=fraction`: a share of the file rewritten in scattered 4 KiB blocks, in a seeded order. */
import { writeSync } from 'node:fs'
import { BLOCK, openContent, seededChoice, seededNumbers, type ContentKey } from '../dataset/content.ts'
import type { Change } from '../dataset/files.ts'

/** New content is made beforehand, for this many blocks; each write is stamped with its block's number. */
const POOL_BLOCKS = 1024
const UNTOUCHED = -1

export interface BlockPlan {
  /** Bytes that are rewritten. */
  bytes: number
  write(fd: number): void
  change: Change
  /** Offsets of the blocks, in order. */
  changed(): number[]
}

/** `fresh`: what the blocks are chosen by and rewritten with. */
export function planBlocks(size: number, share: number, fresh: ContentKey): BlockPlan {
  const blocks = Math.floor(size / BLOCK)
  const count = Math.max(1, Math.round(blocks * share))
  const order = seededChoice(blocks, count, seededNumbers(fresh.seed, `fraction ${share} of ${size} bytes`))
  const pool = Buffer.alloc(POOL_BLOCKS * BLOCK)
  openContent({ ...fresh, identity: `${fresh.identity}, rewritten` })(pool, 0)

  /** Returns the position in the pool of the new bytes of the `turn`th write. */
  function newBytes(turn: number, block: number): number {
    const at = (turn % POOL_BLOCKS) * BLOCK
    pool.writeUInt32LE(block, at)
    return at
  }

  return {
    bytes: count * BLOCK,
    write(fd) {
      for (let turn = 0; turn < count; turn += 1) {
        const block = order[turn] as number
        writeSync(fd, pool, newBytes(turn, block), BLOCK, block * BLOCK)
      }
    },
    change: changing(blocks, order, (turn, block, piece, at) => {
      const from = newBytes(turn, block)
      pool.copy(piece, at, from, from + BLOCK)
    }),
    changed: () => Array.from(order.toSorted(), (block) => block * BLOCK),
  }
}

/** Calls `put` for every rewritten block that lies in a piece; pieces begin at block boundaries. */
function changing(
  blocks: number,
  order: Uint32Array,
  put: (turn: number, block: number, piece: Buffer, at: number) => void,
): Change {
  const turnOf = new Int32Array(blocks).fill(UNTOUCHED)
  order.forEach((block, turn) => (turnOf[block] = turn))
  return (piece, offset) => {
    const first = offset / BLOCK
    const last = Math.floor((offset + piece.length) / BLOCK)
    for (let block = first; block < last; block += 1) {
      const turn = turnOf[block] ?? UNTOUCHED
      if (turn !== UNTOUCHED) put(turn, block, piece, (block - first) * BLOCK)
    }
  }
}
