/** A sample: one line of `samples.ndjson`. Seconds and bytes. */
import { z } from 'zod'
import { warningSchema } from './warning.ts'
import { witnessSchema } from './witness.ts'

export const ioSchema = z.object({
  bytesRead: z.number(),
  bytesWritten: z.number(),
  reads: z.number(),
  writes: z.number(),
  flushes: z.number().nullable().describe('null where the kernel does not count them: see `uncounted`'),
  fuaWrites: z
    .number()
    .nullable()
    .optional()
    .describe(
      'writes that the device itself makes durable; 0 for a device that takes none: the kernel makes a write and a flush ' +
        'of each; null where they are not counted; absent from samples of older versions',
    ),
  delayedFlushes: z
    .number()
    .optional()
    .describe('those of them that dm-delay delayed; only of a configuration whose flushes are delayed'),
})

/** Resources of the host that a phase used. Seconds and counts; null where the kernel does not report them. */
export const resourcesSchema = z.object({
  userSeconds: z.number().describe('CPU of the measuring process'),
  systemSeconds: z.number(),
  childUserSeconds: z.number().describe('CPU of its ended children: fio, the container runtime'),
  childSystemSeconds: z.number(),
  kernelSeconds: z
    .number()
    .nullable()
    .describe('CPU of kernel threads of the whole host; only of `total`, null elsewhere'),
  voluntarySwitches: z.number().describe('context switches of the measuring process'),
  involuntarySwitches: z.number(),
  ioPressureSome: z.number().nullable().describe('time in which some task of the host waited for I/O'),
  ioPressureFull: z.number().nullable(),
  stealSeconds: z.number().nullable().describe('CPU time that a hypervisor gave to others'),
})

/**
 * Least and greatest size of a measured value other than 0, in its unit: what lies beyond is an error, and no chart has
 * an axis for it.
 */
const LEAST_VALUE = 1e-12
const GREATEST_VALUE = 1e18

const measuredSchema = z
  .number()
  .refine((value) => value === 0 || (Math.abs(value) >= LEAST_VALUE && Math.abs(value) <= GREATEST_VALUE), {
    error: `is neither 0 nor from ${LEAST_VALUE} to ${GREATEST_VALUE}`,
  })

export const sampleSchema = z.object({
  cell: z.string(),
  round: z.number().int().nonnegative(),
  position: z.number().int().nonnegative().describe('order within the round'),
  at: z.iso.datetime(),
  state: z.enum(['completed', 'failed', 'aborted']),
  reason: z.string().nullable(),
  /** Seconds; tool-measured phases in their own unit. */
  phases: z.record(z.string(), measuredSchema),
  /**
   * I/O at the scratch devices, by phase; `total` from rest before prepare (a control: after it) to rest after the work.
   */
  io: z.record(z.string(), ioSchema),
  uncounted: z
    .record(z.string(), z.string())
    .optional()
    .describe('why a counter of `io` is null, by its name'),
  /** By phase, and `total` over the same time as that of `io`. */
  resources: z.record(z.string(), resourcesSchema),
  /** Every value of the phases that repeat an operation, in the order of measurement; the phase is their median. */
  series: z.record(z.string(), z.array(measuredSchema)).optional(),
  /** Change of the space used in the store over the same time as `total`. */
  allocated: z.object({ bytes: z.number(), inodes: z.number().nullable() }).nullable(),
  /** Change of the page cache (/proc/meminfo, Cached) over the work, bytes. */
  pageCacheBytes: z.number().nullable(),
  witness: witnessSchema.nullable(),
  /** Seconds from its first to its last step, and what of them is in no phase, by what was done. */
  took: z.number(),
  untimed: z.object({
    rest: z.number().optional().describe('settling the store and waiting until its device is quiet'),
    count: z.number().optional().describe('reading counters and the space used'),
    cache: z.number().optional().describe('bringing about the cache state, and verifying it'),
    copy: z.number().optional().describe("making and deleting a control's copy of the image"),
    provenance: z.number().optional().describe("asking where the touched files' bytes lie"),
    verify: z.number().optional().describe('checking what the container and the image hold'),
  }),
  warnings: z.array(warningSchema),
})

export type IoCounters = z.infer<typeof ioSchema>
export type Resources = z.infer<typeof resourcesSchema>
export type Sample = z.infer<typeof sampleSchema>
