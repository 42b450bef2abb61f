import { z } from 'zod'
import {
  choiceOption,
  formatSize,
  parseSize,
  sizeOption,
  switchOption,
} from '../../harness/contracts/units.ts'

/** Bytes. SPA_MINBLOCKSIZE, and what zfs_max_recordsize allows everywhere: zfsprops(7), recordsize. */
const SMALLEST_RECORD = 512
const LARGEST_RECORD = 1024 ** 2
/** Default limit of the ARC: half of the host's memory. */
const HALF = 'half'

export interface ZfsOptions {
  /** Bytes. */
  recordsize: number
  compression: 'off' | 'lz4' | 'zstd' | 'gzip' | 'zle'
  atime: boolean
  /** Bytes; null: half of the host's memory. */
  arc: number | null
}

export const zfsOptions: z.ZodType<ZfsOptions, Record<string, unknown>> = z.strictObject({
  recordsize: sizeOption('128K', '')
    .refine(isRecordSize, { error: 'is not a power of two from 512 to 1M' })
    .describe('record of a file, the unit that is copied on the first write: a power of two, up to 1M'),
  compression: choiceOption(['off', 'lz4', 'zstd', 'gzip', 'zle'], 'off', 'compress what is written'),
  atime: switchOption(false, 'note when a file was last read'),
  arc: z
    .codec(
      z.string().refine((text) => text === HALF || parseSize(text) !== null, {
        error: `is neither a size nor ${HALF}; write 512M`,
      }),
      z.number().nullable(),
      {
        decode: (text) => (text === HALF ? null : parseSize(text)),
        encode: (bytes) => (bytes === null ? HALF : formatSize(bytes)),
      },
    )
    .prefault(HALF)
    .describe('limit of the ARC, for the whole host while the run lasts; half: of its memory'),
})

function isRecordSize(bytes: number): boolean {
  return bytes >= SMALLEST_RECORD && bytes <= LARGEST_RECORD && Number.isInteger(Math.log2(bytes))
}
