/** The host of a run. */
import { z } from 'zod'

/**
 * Version of what is measured. It rises when a phase, a workload or the conditions of a sample change, so that figures from
 * before and after must not be compared; not when the program changes otherwise.
 */
export const MEASURING = 2

/** Facts by section. `fingerprint-facts.ts` names the part that each belongs to. */
export const fingerprintSchema = z.object({
  hash: z.string().describe('SHA-256 over the parts; equal where runs can be compared without --across'),
  kernel: z.string(),
  distribution: z.string(),
  virtualization: z.string().nullable(),
  cpu: z.object({ model: z.string(), cores: z.number(), governor: z.string().nullable() }),
  memoryBytes: z.number(),
  disk: z.object({
    device: z.string().nullable(),
    model: z.string().nullable(),
    rotational: z.boolean().nullable(),
    scheduler: z.string().nullable(),
    queueDepth: z.number().nullable(),
    writeCache: z.string().nullable(),
    filesystem: z.string().nullable(),
    mountOptions: z.string().nullable(),
  }),
  kernelConfig: z.record(z.string(), z.string()),
  tools: z.record(z.string(), z.string()),
  bench: z.string().describe('version of this program'),
  measuring: z
    .number()
    .int()
    .positive()
    .default(1)
    .describe('version of what is measured: figures of two versions are not compared'),
  node: z.string(),
})

export type Fingerprint = z.infer<typeof fingerprintSchema>
