/** A comparison of two runs: the output of `bench compare --json`, and the gate.json that a gate writes beside run.json. */
import { z } from 'zod'
import { cellSchema } from './cell.ts'
import { phaseSchema } from './phase.ts'
import { type Thresholds, thresholdsSchema } from './thresholds.ts'

/** What measuring suspicious cells again has shown. */
export const confirmationSchema = z.object({
  run: z
    .string()
    .nullable()
    .describe('id of the run that measured them again; null where that could not be done'),
  rounds: z.number().int(),
  reason: z
    .string()
    .nullable()
    .describe('why they could not be measured again; the outcome is by what there is'),
  confirmed: z.array(z.string()).describe('a line for each regression that was found again'),
  cleared: z.array(z.string()).describe('a line for each that is shown to be none'),
  open: z.array(z.string()).describe('a line for each that was neither found again nor shown to be none'),
})

export type Confirmation = z.infer<typeof confirmationSchema>

export const GATE_SCHEMA_VERSION = 1
export const GATE_FILE = 'gate.json'

/** Outcome of comparing a run with `--fail-on-regression`. */
export const gateSchema = z.object({
  schema: z.literal(GATE_SCHEMA_VERSION),
  run: z.string().describe('id of the run that was judged'),
  baseline: z
    .string()
    .nullable()
    .describe('id of the run that it was compared with; null where there was none'),
  threshold: z.number().describe('0.05: worse by more than 5 %; of what has no threshold of its own'),
  thresholds: thresholdsSchema.optional().describe('all of them; absent in files of older versions'),
  across: z
    .array(z.string())
    .optional()
    .describe('differences that were declared: kernel, tool:mkfs.xfs, option:fsync …'),
  outcome: z
    .enum(['passed', 'failed', 'undecided', 'first'])
    .describe(
      'passed: every cell is shown to be worse by at most its threshold; ' +
        'undecided: no regression is shown, and some cell could not be judged; ' +
        'first: the history holds no comparable run, and this one can be the baseline of the next',
    ),
  regressions: z.array(z.string()).describe('a sentence each'),
  confirmation: confirmationSchema
    .nullable()
    .optional()
    .describe('of --confirm; null where nothing was suspicious'),
  undecided: z
    .array(z.string())
    .optional()
    .describe('why cells could not be judged, a line for each reason; absent in files of older versions'),
})

const estimate = z
  .object({
    n: z.number(),
    median: z.number(),
    low: z.number().nullable(),
    high: z.number().nullable(),
    ratio: z.number().nullable().describe('to the control, by pairs of the same round'),
  })
  .nullable()
  .describe('null where nothing was measured')

/** A cell that is in both runs. Seconds, bytes; null where there is nothing to say. */
export const comparedRowSchema = z.object({
  cell: z.string(),
  configuration: z.string(),
  scenario: z.string(),
  params: cellSchema.shape.params,
  cache: cellSchema.shape.cache,
  phase: z.string().nullable().describe('the headline'),
  unit: phaseSchema.shape.unit.nullable(),
  better: phaseSchema.shape.better.nullable(),
  baseline: estimate,
  candidate: estimate,
  ratio: z
    .number()
    .nullable()
    .describe(
      'median of the candidate ÷ that of the baseline; ' +
        'null where the runs cannot be compared, and where the median of the baseline is 0',
    ),
  low: z.number().nullable(),
  high: z.number().nullable(),
  p: z.number().nullable().describe('rank-sum test of independent samples, two-sided'),
  pAdjusted: z.number().nullable().describe('Holm, over all cells that are compared'),
  verdict: z
    .enum(['regression', 'improvement', 'within-threshold', 'not-shown', 'too-few-rounds'])
    .nullable(),
  answer: z
    .enum(['dearer', 'cheaper', 'same', 'open'])
    .nullable()
    .describe('same: shown to lie within the margin of the candidate (--same); open: not known yet'),
  changes: z
    .array(z.object({ what: z.string(), isRegression: z.boolean(), isExact: z.boolean() }))
    .describe(
      'what is exact in both and differs: the mechanism, bytes, how the cell ended; and phases beside the headline that ' +
        'have a threshold of their own',
    ),
  threshold: z.number().describe('of the headline'),
  gate: z
    .enum(['passed', 'failed', 'undecided'])
    .nullable()
    .describe('passed: shown to be worse by at most the threshold; null where nothing is judged'),
  reason: z.string().nullable().describe('why it is undecided'),
  regression: z.string().nullable().describe('the sentence of a regression; null where there is none'),
})

/** A difference between the two runs that was declared, and is judged. */
export const crossingSchema = z.object({
  part: z.string().describe('kernel, tool:mkfs.xfs, option:fsync, label:new …'),
  baseline: z.string(),
  candidate: z.string(),
})

export const comparisonSchema = z.object({
  baseline: z.string().nullable().describe('folder; null where there is no comparable run'),
  candidate: z.string(),
  comparable: z.boolean(),
  differences: z.array(z.string()).describe('why not: different kernels …'),
  across: z.array(crossingSchema).describe('differences that were declared'),
  judgedBy: z
    .enum(['figures', 'ratios'])
    .describe(
      'ratios: of each run to its own control, since figures of different or emulated hardware are not compared',
    ),
  threshold: z.number().describe('of what has no threshold of its own'),
  thresholds: thresholdsSchema,
  regressions: z.array(z.string()).describe('a sentence each'),
  confirmation: confirmationSchema.nullable().describe('of --confirm; null where nothing was measured again'),
  undecided: z.array(z.string()).describe('why cells could not be judged, a line for each reason'),
  rows: z.array(comparedRowSchema),
})

/** How two runs are to be compared. */
export interface CompareRules {
  thresholds: Thresholds
  /** Differences that are declared, and judged: `kernel`, `tool:mkfs.xfs`, `option:fsync`, `label:new`. */
  across: readonly string[]
  /** True to judge ratios to the control of each run, also where figures could be compared. */
  byRatios?: boolean
}

export type Crossing = z.infer<typeof crossingSchema>
export type Gate = z.infer<typeof gateSchema>
export type ComparedRow = z.infer<typeof comparedRowSchema>
export type ComparisonResult = z.infer<typeof comparisonSchema>
