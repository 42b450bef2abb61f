/** A cell: one configuration × one scenario × one set of parameters × one cache state; and how it ended. */
import { z } from 'zod'

export const cacheStateSchema = z.enum(['cold', 'warm'])

export const cellSchema = z.object({
  id: z.string().describe('driver | scenario | parameters | cache'),
  configuration: z.string().describe('canonical driver configuration: overlay2@xfs+reflink=off'),
  driver: z.string(),
  backing: z.string(),
  scenario: z.string(),
  params: z.record(z.string(), z.string()),
  label: z.string().describe('the parameters as a person says them: 256 MiB'),
  subject: z
    .string()
    .describe('what a trial does, as a sentence begins: Changing one byte of a 256 MiB file'),
  cache: cacheStateSchema,
  phases: z.array(z.string()).readonly(),
  image: z.string().describe('identity of the image: cells that share it share its layers'),
  withoutEngine: z
    .string()
    .optional()
    .describe(
      'of a cell through an engine: id of the one that does the same without it, where the run has it',
    ),
  control: z.string().nullable().describe('id of the cell that it is divided by; null for a control itself'),
})

export const outcomeSchema = z.discriminatedUnion('state', [
  z.object({ state: z.enum(['completed', 'pending', 'aborted']) }),
  z.object({
    state: z.enum(['unsupported', 'failed']),
    code: z.string(),
    reason: z.string(),
    hint: z.string(),
  }),
])

export type CacheState = z.infer<typeof cacheStateSchema>
export type Cell = z.infer<typeof cellSchema>
export type Outcome = z.infer<typeof outcomeSchema>

/** Returns the ids of the cells that a cell is compared with: its control, and the one that does the same without its engine. */
export function comparedWith({ control, withoutEngine }: Pick<Cell, 'control' | 'withoutEngine'>): string[] {
  return [control, withoutEngine].filter((id) => id !== null && id !== undefined)
}
