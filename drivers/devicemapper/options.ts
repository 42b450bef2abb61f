import { z } from 'zod'
import { choiceOption, integerOption, sizeOption } from '../../harness/contracts/units.ts'

/** Bytes. dm-thin.c: DATA_DEV_BLOCK_SIZE_MIN_SECTORS and DATA_DEV_BLOCK_SIZE_MAX_SECTORS. */
const SMALLEST_BLOCK = 64 * 1024
const LARGEST_BLOCK = 1024 ** 3

export interface DevicemapperOptions {
  pool: 'device' | 'loop'
  /** Bytes. */
  blocksize: number
  /** Behaviour of a write to a full pool. */
  full: 'error' | 'queue'
  /** Percent of the pool's data and metadata below which no container is made any more. */
  minfree: number
}

export const devicemapperOptions: z.ZodType<DevicemapperOptions, Record<string, unknown>> = z.strictObject({
  pool: choiceOption(
    ['device', 'loop'],
    'device',
    'what the thin pool lies on: the scratch device itself (direct-lvm) or two sparse files on ext4 (loop-lvm)',
  ),
  blocksize: sizeOption('64K', '')
    .refine(isBlockSize, { error: 'is not a multiple of 64K from 64K to 1G' })
    .describe(
      'block of the thin pool, the unit that is copied on the first write: a multiple of 64K, up to 1G',
    ),
  full: choiceOption(
    ['error', 'queue'],
    'error',
    'a write that finds the pool full fails at once, or waits for a larger pool first, a minute as a rule',
  ),
  minfree: integerOption(
    0,
    0,
    99,
    'percent of the pool that has to be free for prepare to make a container; 10 with Docker (dm.min_free_space)',
  ),
})

function isBlockSize(bytes: number): boolean {
  return bytes >= SMALLEST_BLOCK && bytes <= LARGEST_BLOCK && bytes % SMALLEST_BLOCK === 0
}
