/** The host of a run. */
import { z } from 'zod'

/** Free-form facts by section; the fingerprint is what makes two runs comparable. */
export const fingerprintSchema = z.object({
  hash: z.string().describe('SHA-256 over what must be equal for two runs to be compared'),
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
  node: z.string(),
})

export type Fingerprint = z.infer<typeof fingerprintSchema>
