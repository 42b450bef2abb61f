/** The options of a run, resolved: every default filled in. */
import { z } from 'zod'
import { ownImageSchema } from './image.ts'
import { thresholdsSchema } from './thresholds.ts'

/** Margin within which two costs are about the same: ±10 %. */
export const SAME = 0.1

export const profileSchema = z.enum(['quick', 'standard', 'thorough'])

/** How a configuration is delayed on purpose. */
const injectedSchema = z.union([
  z.number().describe('share by which each of its in-process phases is made longer'),
  z.object({
    flush: z.number().describe('seconds by which dm-delay delays each flush of its scratch'),
    measured: z
      .number()
      .nullable()
      .describe('seconds by which a flush really took longer, median; null where it was not measured'),
  }),
])

export const optionsSchema = z.object({
  configurations: z.array(z.string()).describe('all configurations, with the controls that came with them'),
  requested: z.array(z.string()).describe('the configurations that were asked for'),
  scenarios: z.array(z.string()),
  image: ownImageSchema
    .nullable()
    .default(null)
    .describe('the user’s own image that it was measured on; null: none'),
  profile: profileSchema,
  rounds: z.number().int().positive().describe('minimum number of rounds'),
  maxRounds: z.number().int().positive().describe('maximum number of rounds'),
  precision: z
    .number()
    .positive()
    .describe(
      'a headline ratio has converged when half the width of its interval is at most this share of it',
    ),
  same: z
    .number()
    .positive()
    .default(SAME)
    .describe('two costs that are shown to differ by at most this share are about the same'),
  budgetSeconds: z.number().nullable(),
  leftOut: z
    .array(z.string())
    .default([])
    .describe('parameter sets of the profile that were given up so that three rounds fit the budget'),
  calibration: z.enum(['none', 'brief', 'full']),
  injected: z
    .record(z.string(), injectedSchema)
    .describe('driver configuration → the delay that was put on it on purpose'),
  gate: thresholdsSchema.default({}),
  confirms: z
    .string()
    .optional()
    .describe('id of the run whose suspicious cells are measured again; no baseline of other runs'),
  load: z.enum(['none', 'disk']).describe('disk: a second process disturbed the disk all the while'),
  seed: z.number().int(),
  scratch: z.object({
    kind: z.enum(['loop', 'device']),
    path: z.string().describe('folder of the loop files, or the device'),
    size: z.number().describe('bytes for each configuration'),
  }),
})

export type ProfileName = z.infer<typeof profileSchema>
export type Injected = z.infer<typeof injectedSchema>
export type RunOptions = z.infer<typeof optionsSchema>
