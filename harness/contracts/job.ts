/**
 * A job is a run on a host, detached from the program that requested it. `bench __job follow` on the host writes these
 * events, one line of JSON each. A follower that reconnects asks for the samples from the byte that it has reached.
 */
import { z } from 'zod'
import { fileNameSchema } from './file-name.ts'
import { planSchema } from './plan.ts'
import { runSchema } from './run.ts'

/** Plan and settings that a host measures. */
export const hostJobSchema = z.object({
  command: z.string().describe('the command line that repeats it on the host'),
  plan: planSchema,
})

export const jobRequestSchema = hostJobSchema.extend({
  id: z.string().describe('unique on the fleet; also the name of its folder on the host'),
  owner: z.string().describe('who asked, for the message that the host is taken: user@controller'),
})

export const jobEventSchema = z.discriminatedUnion('type', [
  /** First: where the job stands. */
  z.object({ type: z.literal('state'), state: z.enum(['running', 'ended', 'died']) }),
  /** Whenever it changed: run.json. */
  z.object({ type: z.literal('run'), run: runSchema }),
  /** Whole lines of samples.ndjson, and the byte of that file at which they begin. */
  z.object({ type: z.literal('samples'), offset: z.number().int().nonnegative(), text: z.string() }),
  /** A line for a person. */
  z.object({ type: z.literal('progress'), text: z.string() }),
  /** Nothing changed for a while: the connection lives. */
  z.object({ type: z.literal('alive') }),
  /** Last: everything has been said. */
  z.object({
    type: z.literal('end'),
    exitCode: z.number().int(),
    error: z.object({ message: z.string(), hint: z.string().nullable() }).nullable(),
  }),
])

/** A job of a host, as `bench __job status` lists it. */
export const listedJobSchema = z.object({
  id: fileNameSchema,
  owner: z.string(),
  begunAt: z.iso.datetime(),
  state: z.enum(['running', 'ended', 'died']),
  exitCode: z.number().int().nullable().describe('null while it goes on'),
})

export type HostJob = z.infer<typeof hostJobSchema>
export type JobRequest = z.infer<typeof jobRequestSchema>
export type JobEvent = z.infer<typeof jobEventSchema>
export type ListedJob = z.infer<typeof listedJobSchema>
