/** The records of a file, as zdb(8) reads them from the pool: ZFS knows no FIEMAP. */

/** Bytes of a file's data, by when they were written. */
export interface RecordBytes {
  /** Bytes in records that are older than the clone: they belong to the origin. */
  inherited: number
  /** Bytes in records that were written since. */
  own: number
}

/**
 * One block of data (level 0) in what `zdb -ddddd DATASET OBJECT` prints, cmd/zdb/zdb.c, snprintf_blkptr_compact: offset,
 * level, VDEV:OFFSET:ALLOCATED of each copy, sizes, fill count, and the transaction groups in which it was born.
 *
 *     20000   L0 0:420000:20000 20000L/20000P F=1 B=10/10 cksum=…
 *
 * Holes, and what is so small that it lies in the block's pointer itself, have no copies.
 */
const BLOCK = /^\s*[0-9a-f]+\s+L0 ((?:\d+:[0-9a-f]+:[0-9a-f]+ )+)[0-9a-f]+L\/[0-9a-f]+P F=\d+ B=\d+\/(\d+)/gm

/**
 * Adds up the allocated bytes. `bornAfter`: the transaction group of the origin's snapshot; the kernel decides by the
 * same comparison whether a write has to leave the old block alone (module/zfs/dsl_dataset.c, dsl_dataset_block_freeable).
 * The second of the two births counts, that of the bytes: the first is younger where a file was cloned.
 */
export function recordBytes(printed: string, bornAfter: number): RecordBytes {
  const bytes = { inherited: 0, own: 0 }
  for (const [, copies = '', born] of printed.matchAll(BLOCK)) {
    bytes[Number(born) > bornAfter ? 'own' : 'inherited'] += allocatedBytes(copies)
  }
  return bytes
}

function allocatedBytes(copies: string): number {
  return copies
    .trim()
    .split(' ')
    .reduce((sum, copy) => sum + Number.parseInt(copy.split(':')[2] ?? '', 16), 0)
}
