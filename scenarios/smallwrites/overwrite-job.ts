/** Options that fio's jobs on the large file share. */
import { basename } from 'node:path'
import type { Trial } from '../../harness/contracts/scenario.ts'
import { BIG_FILE } from '../common/big-file-image.ts'
import { BLOCK } from '../dataset/content.ts'
import type { SmallwritesParams } from './params.ts'

/**
 * Random 4 KiB writes, one after the other, into the file as it is: fio must not create it, lay it out, or drop its
 * pages.
 */
export function overwriteOptions({
  params,
  seed,
}: Pick<Trial<SmallwritesParams>, 'params' | 'seed'>): Record<string, string> {
  return {
    filename: basename(BIG_FILE),
    rw: 'randwrite',
    bs: String(BLOCK),
    size: String(params.size),
    ioengine: 'psync',
    overwrite: '1',
    allow_file_create: '0',
    fallocate: 'none',
    invalidate: '0',
    randrepeat: '1',
    randseed: String(seed + 1),
    buffer_compress_percentage: String(Math.round(100 * (1 - 1 / params.compressibility))),
  }
}
