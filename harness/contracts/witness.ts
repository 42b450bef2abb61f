/** The witness: evidence that a sample measured what it claims. */
import { z } from 'zod'

export const mechanismSchema = z.enum([
  'copied-up',
  'cloned',
  'metadata-only',
  'block-cow',
  'moved-by-copy',
  'none',
])

export const provenanceSchema = z.object({
  layer: z
    .enum(['lower', 'upper', 'shared', 'own'])
    .describe(
      'lower: the container layer has nothing of the file yet; upper: it has a file of its own, beside the lower one; ' +
        'shared: the container sees the lower’s own extents or blocks, apart from exclusiveBytes; ' +
        'own: the container has had a full copy from the start',
    ),
  sharedBytes: z
    .number()
    .nullable()
    .describe(
      'bytes of the file shared with a lower layer, or of the whole device where a block driver sees no files; null where unknown',
    ),
  exclusiveBytes: z
    .number()
    .nullable()
    .describe('bytes allocated for this container alone; null where unknown'),
})

export const changedSchema = z.object({
  objects: z.number().int().positive().describe('how many, over the whole sample'),
  word: z.string().describe('one of them in a word, for "flushes per …": file, directory, write'),
})

export const witnessSchema = z.object({
  mechanism: mechanismSchema.nullable().describe('how the kernel satisfied the first change'),
  before: provenanceSchema.nullable(),
  after: provenanceSchema.nullable(),
  containerHash: z
    .string()
    .nullable()
    .describe('SHA-256 of the touched files in the container; null where bytes were compared instead'),
  lowerHash: z
    .string()
    .nullable()
    .describe('SHA-256 of the same files in the image, after the sample; null likewise'),
  bytesChanged: z
    .number()
    .nullable()
    .describe('bytes that the workload asked to change: the denominator of write amplification'),
  changed: changedSchema
    .nullable()
    .optional()
    .describe(
      'objects that the workload changed: the denominator of the sync ledger; null where it changes none or cannot count ' +
        'them; absent from samples of older versions',
    ),
  details: z
    .record(z.string(), z.union([z.number(), z.string(), z.boolean()]))
    .optional()
    .describe('anything else that is worth keeping, by name'),
})

export type Mechanism = z.infer<typeof mechanismSchema>
/**
 * Location of the bytes of a file in an active snapshot, from the file system's own records (FIEMAP, the thin pool's
 * mapping …), not from what the driver should have done.
 */
export type Provenance = z.infer<typeof provenanceSchema>
/** Objects that a workload changed, as a person counts them. */
export type Changed = z.infer<typeof changedSchema>
export type Witness = z.infer<typeof witnessSchema>
