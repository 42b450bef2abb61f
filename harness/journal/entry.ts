/** The lines of a journal. */
import { z } from 'zod'
import type { JournalEntry } from '../contracts/host.ts'
import { processIdentitySchema } from '../linux/process.ts'
import { placeSchema } from './place.ts'

const entrySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('directory'), path: z.string() }),
  z.object({ kind: z.literal('file'), path: z.string() }),
  z.object({ kind: z.literal('mount'), path: z.string() }),
  z.object({ kind: z.literal('loop'), path: z.string() }),
  z.object({ kind: z.literal('device-mapper'), prefix: z.string() }),
  z.object({ kind: z.literal('zpool'), name: z.string() }),
  z.object({ kind: z.literal('parameter'), path: z.string(), value: z.string(), set: z.string().optional() }),
  z.object({
    kind: z.literal('process'),
    pid: z.number().int(),
    startTime: z.number().int(),
    name: z.string(),
  }),
  z.object({ kind: z.literal('cgroup'), name: z.string() }),
  z.object({ kind: z.literal('partitions'), device: z.string(), label: z.string() }),
]) satisfies z.ZodType<JournalEntry>

const ownerSchema = processIdentitySchema.extend({
  run: z.string(),
  /** Says in which namespace `pid` is one. A journal without it is an earlier bench's, which held no lock. */
  pidNamespace: z.number().int().optional(),
  /** The machine's id: machine-id(5). */
  machine: z.string().nullable().optional(),
  /** Folders and devices that the run named: everything that it makes is below one of them and carries its id. */
  places: z.array(placeSchema).optional(),
})

export type JournalOwner = z.infer<typeof ownerSchema>

export const lineSchema = z.union([
  z.object({ op: z.literal('begin'), owner: ownerSchema }),
  z.object({ op: z.literal('record'), entry: entrySchema }),
  z.object({ op: z.literal('settle'), entry: entrySchema }),
])
