/** Many runs of the same thing over time: what is kept of each, and the output of `bench history --json`. */
import { z } from 'zod'
import { acceptedSchema } from './accepted.ts'
import { cacheStateSchema } from './cell.ts'
import type { Fingerprint } from './fingerprint.ts'
import { betterSchema, unitSchema } from './phase.ts'
import type { Run } from './run.ts'

/** A cell as it is known over time: by its id. */
export const historyCellSchema = z.object({
  id: z.string(),
  configuration: z.string(),
  scenario: z.string(),
  label: z.string(),
  cache: cacheStateSchema,
  phase: z.string().describe('the headline'),
  title: z.string().describe('of the headline'),
  unit: unitSchema,
  better: betterSchema,
  control: z.string().nullable().describe('id of the cell that it is divided by; null for a control'),
})

export type HistoryCell = z.infer<typeof historyCellSchema>

/** What a run says of one cell. */
export interface DigestPoint {
  cell: HistoryCell
  /** SHA-256 of the image, shortened; empty where it is not known. */
  image: string
  n: number
  /** Median of the headline. */
  median: number
  /** To the control, by pairs of the same round; null for a control, and where no round has both. */
  ratio: number | null
}

/** What is kept of a run: a millionth of its samples. */
export interface RunDigest {
  id: string
  startedAt: string
  state: Run['state']
  host: Fingerprint
  scratch: Run['options']['scratch']['kind']
  /** Whether something was made slower on purpose. */
  disturbed: boolean
  points: readonly DigestPoint[]
}

/** Why and when a known change was accepted. */
export const acceptanceSchema = acceptedSchema.pick({ because: true, at: true })

export type Acceptance = z.infer<typeof acceptanceSchema>

/** A run of a history, where it lies. */
export interface HistoryRun extends RunDigest {
  folder: string
  /** Name of the host in the fleet that the run is a part of; null for a run by itself. */
  hostName: string | null
  accepted: Acceptance | null
}

export interface HistoryOptions {
  /** 0.05: changes of less than 5 % are not reported. */
  threshold: number
}

const differenceSchema = z.object({
  part: z.string().nullable().describe('part of the fingerprint; null for what does not affect figures'),
  name: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
})

const sideSchema = z.object({
  runs: z.number().describe('number of runs'),
  median: z.number().describe('of the headline, median over the runs'),
  ratio: z.number().nullable().describe('to the control, median over the runs; null for a control'),
})

export const changeSchema = z.object({
  host: z.string(),
  epoch: z.number().describe('index in `epochs`'),
  cell: z.string().describe('id'),
  kind: z
    .enum(['driver', 'host', 'control', 'epoch'])
    .describe(
      'driver: the cell changed beside its control; host: the cell and its control changed alike, or a control changed; ' +
        'control: the ratio changed since the control did; epoch: where another fingerprint begins, which is not judged',
    ),
  direction: z.enum(['worse', 'better']),
  factor: z.number().describe('of the cost, after ÷ before: above 1 is worse'),
  p: z.number(),
  measure: z
    .enum(['ratio', 'raw'])
    .describe('what shows it: the ratio to the control or the headline itself'),
  run: z.string().describe('id of the first run after it'),
  folder: z.string(),
  at: z.string().describe('start of that run'),
  previous: z.string().describe('id of the run before'),
  before: sideSchema,
  after: sideSchema,
  differences: z.array(differenceSchema).describe('what changed on the host between the two runs'),
  accepted: acceptanceSchema.nullable(),
  standing: z
    .boolean()
    .describe(
      'a worsening of the newest epoch that is neither accepted nor gone again: it fails the command',
    ),
})

export const epochSchema = z.object({
  host: z.string(),
  fingerprint: z.string(),
  kernel: z.string(),
  scratch: z.enum(['loop', 'device']),
  from: z.string().describe('start of its first run'),
  to: z.string().describe('start of its last run'),
  runs: z.number(),
  newest: z.boolean().describe('whether it holds the newest run of its host'),
  differences: z.array(differenceSchema).describe('to the epoch before; empty for the first'),
})

const pointSchema = z.tuple([z.number(), z.number(), z.number().nullable()])

export const seriesSchema = z.object({
  host: z.string(),
  epoch: z.number(),
  cell: z.string(),
  points: z
    .array(pointSchema)
    .describe('index in `runs`, median of the headline, ratio to the control, in the order of time'),
})

export const historySchema = z.object({
  threshold: z.number(),
  runs: z.array(z.object({ id: z.string(), folder: z.string(), at: z.string(), accepted: z.boolean() })),
  leftOut: z.array(z.object({ folder: z.string(), reason: z.string() })),
  hosts: z.array(z.string()),
  epochs: z.array(epochSchema),
  cells: z.array(historyCellSchema),
  changes: z.array(changeSchema).describe('the newest first'),
  series: z.array(seriesSchema),
})

export type HistoryDifference = z.infer<typeof differenceSchema>
export type HistoryChange = z.infer<typeof changeSchema>
export type HistoryEpoch = z.infer<typeof epochSchema>
export type HistorySeries = z.infer<typeof seriesSchema>
export type History = z.infer<typeof historySchema>
