/** A calibration: cost of the harness, limits of the raw scratch device, noise of the host. Seconds and bytes. */
import { z } from 'zod'

/** Cost of the harness itself: seconds. */
const harnessCostSchema = z.object({
  clock: z.number().describe('one reading of the clock'),
  phase: z.number().describe('an empty timed phase, as it is measured: what every phase contains'),
  verb: z
    .number()
    .describe('the same of a phase that waits for a promise: prepare, mount, umount and remove'),
  call: z.number().describe('one foreign function call (getpid)'),
  tinybench: z.object({
    task: z.number().describe('an empty function, as tinybench measures it'),
    byHand: z.number().describe('the same function in a loop by hand'),
  }),
})

/** Limits of the raw scratch device, without file system or driver: fio, direct I/O. */
export const deviceLimitSchema = z.object({
  operation: z.enum(['read', 'write', 'write+flush', 'copy']),
  pattern: z.enum(['sequential', 'random']),
  blockSize: z.number(),
  queueDepth: z.number(),
  bytesPerSecond: z.number(),
  iops: z.number(),
  median: z
    .number()
    .nullable()
    .describe(
      'seconds from submission to completion: of random write+flush, of the flush; null of a copy and of one flush for all',
    ),
  p99: z.number().nullable(),
})

const noiseSchema = z.object({
  operation: z.string().describe('what was done again and again: 4 KiB written and flushed'),
  kind: z.enum(['disk', 'cpu']),
  seconds: z.number(),
  n: z.number(),
  median: z.number().describe('seconds'),
  coefficientOfVariation: z.number().describe('standard deviation divided by the mean'),
})

export const calibrationSchema = z.object({
  at: z.iso.datetime(),
  extent: z.enum(['brief', 'full']),
  seconds: z.number().describe('how long it took'),
  harness: harnessCostSchema,
  device: z.object({ path: z.string(), size: z.number(), limits: z.array(deviceLimitSchema) }).nullable(),
  noise: z.array(noiseSchema),
})

export type Calibration = z.infer<typeof calibrationSchema>
export type DeviceLimit = z.infer<typeof deviceLimitSchema>
