import { z } from 'zod'
import { cacheStateSchema } from './cell.ts'
import { betterSchema, unitSchema } from './phase.ts'
import { warningSchema } from './warning.ts'

const answerSchema = z.enum(['dearer', 'cheaper', 'same', 'open'])
const atLeast = z
  .number()
  .nullable()
  .describe('dearer or cheaper by at least this factor; null for other answers, and where it is infinite')
const rounds = z.number().nullable().describe('open: about how many it takes in all, where that can be told')

const perObject = z
  .object({
    median: z.number(),
    least: z.number(),
    most: z.number(),
    exact: z.boolean().describe('every sample had this very number, and there are several'),
  })
  .nullable()
  .describe('null where it was not counted')

/** One line of `--json`: a cell and a phase. Seconds and bytes; null where there is nothing to say. */
export const rowSchema = z.object({
  host: z.string().nullable().describe('of a fleet: its name in the inventory; null for a run by itself'),
  configuration: z.string(),
  scenario: z.string(),
  params: z.record(z.string(), z.string()),
  cache: cacheStateSchema,
  phase: z.string().nullable().describe('null for a cell that has no samples'),
  unit: unitSchema.nullable(),
  better: betterSchema.nullable(),
  state: z.enum(['completed', 'unsupported', 'failed', 'aborted', 'pending']),
  n: z.number(),
  median: z.number().nullable(),
  low: z.number().nullable().describe('rank-based interval of the median'),
  high: z.number().nullable(),
  coverage: z.number().nullable().describe('what the interval covers: 0.95 or, where n is too small, less'),
  p95: z.number().nullable().describe('null where n is too small'),
  p99: z.number().nullable().describe('null where n is too small'),
  control: z.string().nullable().describe('driver configuration of the control'),
  ratio: z
    .number()
    .nullable()
    .describe('median of the ratios of each round; null without a control, and where it is infinite'),
  ratioLow: z.number().nullable(),
  ratioHigh: z.number().nullable(),
  verdict: z
    .enum(['different', 'not-shown', 'too-few-rounds'])
    .nullable()
    .describe('whether the ratio differs from 1, by the adjusted p'),
  p: z.number().nullable().describe('Wilcoxon signed-rank test of the paired log ratios, two-sided'),
  pAdjusted: z
    .number()
    .nullable()
    .describe('Holm, over all headline ratios of the run; null for other phases'),
  detectable: z
    .number()
    .nullable()
    .describe('smallest true relative difference that these rounds find with power 0.8: 0.05 is 5 %'),
  converged: z
    .boolean()
    .nullable()
    .describe('of a headline ratio: half-width within the precision asked for'),
  answer: answerSchema
    .nullable()
    .describe('of a headline ratio: what it says of the cost beside the control; open: not known yet'),
  answerAtLeast: atLeast,
  answerRounds: rounds,
  toBest: z
    .object({
      ratio: z.number().nullable().describe('median of the ratios of each round; null where it is infinite'),
      answer: answerSchema,
      atLeast,
      rounds,
    })
    .nullable()
    .describe(
      'beside the best configuration, at the largest parameters; on the row of the phase that is compared: the headline, or ' +
        'the phase in which the cost falls instead; null for the best itself and for a control',
    ),
  engineTax: z
    .object({
      configuration: z.string().describe('what does the same without the engine'),
      ratio: z.number().nullable().describe('median of the ratios of each round; null where it is infinite'),
      low: z.number().nullable(),
      high: z.number().nullable(),
      answer: answerSchema,
      atLeast,
      rounds,
    })
    .nullable()
    .describe('this phase divided by the same without the engine; null without one'),
  outliers: z.number().describe('samples marked by their modified z-score; none is left out'),
  modes: z.array(z.object({ center: z.number(), share: z.number() })).describe('more than one where bimodal'),
  drift: z.number().nullable().describe('change over the run, relative; null where none is shown'),
  belowFloor: z.boolean().describe('under 20 times what an empty phase costs'),
  limitShare: z.number().nullable().describe('of what the raw device does: 0.8 is 80 %'),
  bytesWritten: z.number().nullable().describe('at the scratch device in this phase, median'),
  bytesAllocated: z.number().nullable().describe('in the store by the whole sample, median'),
  ledger: z
    .object({
      word: z.string().describe('what one object is called: file'),
      objects: z.number().describe('how many a sample changed, median'),
      flushes: perObject,
      fuaWrites: perObject,
      bytesWritten: perObject,
      requests: perObject,
      uncounted: z.record(z.string(), z.string()).describe('why an entry is null, by its name'),
    })
    .nullable()
    .describe(
      'at the scratch device in this phase, for each object that the work changed; null where it changes nothing, or the ' +
        'counters were not read around the phase',
    ),
  mechanism: z.string().nullable(),
  warnings: z.array(warningSchema),
  reason: z.string().nullable(),
  hint: z.string().nullable(),
})

export type Row = z.infer<typeof rowSchema>
