import { z } from 'zod'
import { choiceOption, sizeOption } from '../../harness/contracts/units.ts'

/** Bytes. dm-thin.c: DATA_DEV_BLOCK_SIZE_MIN_SECTORS and DATA_DEV_BLOCK_SIZE_MAX_SECTORS. */
const SMALLEST_BLOCK = 64 * 1024
const LARGEST_BLOCK = 1024 ** 3

export interface DevicemapperOptions {
  pool: 'device' | 'loop'
  /** Bytes. */
  blocksize: number
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
})

function isBlockSize(bytes: number): boolean {
  return bytes >= SMALLEST_BLOCK && bytes <= LARGEST_BLOCK && bytes % SMALLEST_BLOCK === 0
}
