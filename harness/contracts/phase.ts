/** A phase: a named, timed part of a trial, or a number that a tool measures within it. */
import { z } from 'zod'

export const unitSchema = z.enum(['s', 'bytes', 'iops', 'bytes/s', 'count'])

export const betterSchema = z.enum(['lower', 'higher'])

export const phaseSchema = z.object({
  id: z.string(),
  title: z.string(),
  unit: unitSchema,
  better: betterSchema,
  headline: z.boolean().optional().describe('the verdict speaks of this one'),
  sum: z
    .array(z.string())
    .readonly()
    .optional()
    .describe('its value is the sum of these phases, of those that the cell reports'),
  byTool: z
    .boolean()
    .optional()
    .describe('measured by a tool, not by the trial’s clock: an injected delay has no part in it'),
  within: z.boolean().optional().describe('passes while other phases do: it does not add up with them'),
  limit: z
    .object({
      operation: z.enum(['copy', 'read', 'write', 'write+flush']),
      pattern: z.enum(['sequential', 'random']),
    })
    .optional()
    .describe(
      'what of the raw device bounds it: of a duration, the time to read and write (copy) or write the bytes changed; ' +
        'of a rate, the device’s own rate of that kind; absent where the device is no bound',
    ),
})

export const tallySchema = z.object({
  id: z.string().describe('detail of the witness that holds the number'),
  bytes: z.string().optional().describe('detail that holds the bytes of what was counted'),
  title: z.string(),
})

export type Unit = z.infer<typeof unitSchema>
export type Phase = z.infer<typeof phaseSchema>
/** A number of things that each sample counts in the details of its witness, and that reports show. */
export type Tally = z.infer<typeof tallySchema>

/** Returns the phase that the verdict speaks of: the one marked so, else the first; undefined of no phases. */
export function headlinePhase<P extends Pick<Phase, 'headline'>>(phases: readonly P[]): P | undefined {
  return phases.find(({ headline }) => headline === true) ?? phases[0]
}
