/** A known change that was accepted: accepted.json beside run.json, which `bench accept` writes. */
import { z } from 'zod'

export const ACCEPTED_SCHEMA_VERSION = 1
export const ACCEPTED_FILE = 'accepted.json'

export const acceptedSchema = z.object({
  schema: z.literal(ACCEPTED_SCHEMA_VERSION),
  run: z.string().describe('id of the run that is accepted as a baseline'),
  at: z.iso.datetime().describe('when it was accepted'),
  because: z.string().min(1).describe('the reason that was given'),
  outcome: z
    .enum(['passed', 'failed', 'undecided', 'first'])
    .nullable()
    .describe('outcome of its gate at that time; null where none had judged it'),
})

export type Accepted = z.infer<typeof acceptedSchema>
