/**
 * A run on disk: `run.json` (this schema) and `samples.ndjson` (one {@link sampleSchema} a line).
 * Seconds and bytes throughout. `schema` counts up when a reader of the old form would misread the new one.
 */
import { z } from 'zod'

export const RUN_SCHEMA_VERSION = 1

const unit = z.enum(['s', 'bytes', 'iops', 'bytes/s', 'count'])
const better = z.enum(['lower', 'higher'])
const cache = z.enum(['cold', 'warm'])
const profile = z.enum(['quick', 'standard', 'thorough'])

export const warningSchema = z.object({
  code: z.string().describe('stable name: cache.not-verified'),
  message: z.string(),
})

const phaseSchema = z.object({
  id: z.string(),
  title: z.string(),
  unit,
  better,
  headline: z.boolean().optional(),
  sum: z.array(z.string()).readonly().optional(),
})

export const cellSchema = z.object({
  id: z.string().describe('driver | scenario | parameters | cache'),
  driver: z.string().describe('canonical driver configuration: overlay2@xfs+reflink=off'),
  driverId: z.string(),
  backing: z.string(),
  scenario: z.string(),
  params: z.record(z.string(), z.string()),
  label: z.string().describe('the parameters as a person says them: 256 MiB'),
  subject: z
    .string()
    .describe('what a trial does, as a sentence begins: Changing one byte of a 256 MiB file'),
  cache,
  phases: z.array(z.string()).readonly(),
  image: z.string().describe('identity of the image: cells that share it share its layers'),
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

export const optionsSchema = z.object({
  drivers: z.array(z.string()).describe('all configurations, with the controls that came with them'),
  requested: z.array(z.string()).describe('the configurations that were asked for'),
  scenarios: z.array(z.string()),
  profile,
  rounds: z.number().int().positive(),
  budgetSeconds: z.number().nullable(),
  seed: z.number().int(),
  scratch: z.object({
    kind: z.enum(['loop', 'device']),
    path: z.string().describe('folder of the loop files, or the device'),
    size: z.number().describe('bytes for each configuration'),
  }),
})

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

export const driverInfoSchema = z.object({
  config: z.string(),
  id: z.string(),
  title: z.string(),
  summary: z.string(),
  cowUnit: z.enum(['file', 'block', 'extent', 'none']),
  emulated: z.boolean(),
  role: z.enum(['control', 'driver']),
})

export const scenarioInfoSchema = z.object({
  id: z.string(),
  title: z.string(),
  question: z.string(),
  phases: z.array(phaseSchema),
})

export const imageInfoSchema = z.object({
  layers: z.number(),
  files: z.number(),
  bytes: z.number(),
  manifest: z.string().describe('SHA-256 over all entries; every driver showed the container this one'),
})

export const runSchema = z.object({
  schema: z.literal(RUN_SCHEMA_VERSION),
  id: z.string(),
  state: z.enum(['running', 'completed', 'interrupted', 'failed']),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  command: z.string().describe('the command line that repeats it'),
  options: optionsSchema,
  host: fingerprintSchema,
  drivers: z.array(driverInfoSchema),
  scenarios: z.array(scenarioInfoSchema),
  images: z.record(z.string(), imageInfoSchema),
  cells: z.array(cellSchema),
  outcomes: z.record(z.string(), outcomeSchema).describe('by cell id'),
  warnings: z.array(warningSchema),
})

const provenanceSchema = z.object({
  layer: z.enum(['lower', 'upper', 'shared', 'own']),
  sharedBytes: z.number().nullable(),
  exclusiveBytes: z.number().nullable(),
})

export const witnessSchema = z.object({
  mechanism: z.enum(['copied up', 'cloned', 'metadata only', 'block CoW', 'none']).nullable(),
  before: provenanceSchema.nullable(),
  after: provenanceSchema.nullable(),
  containerHash: z.string().nullable(),
  lowerHash: z.string().nullable(),
  bytesChanged: z.number().nullable(),
  details: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])).optional(),
})

export const ioSchema = z.object({
  bytesRead: z.number(),
  bytesWritten: z.number(),
  reads: z.number(),
  writes: z.number(),
  flushes: z.number(),
})

export const sampleSchema = z.object({
  cell: z.string(),
  round: z.number().int().nonnegative(),
  position: z.number().int().nonnegative().describe('order within the round'),
  at: z.iso.datetime(),
  state: z.enum(['completed', 'failed', 'aborted']),
  reason: z.string().nullable(),
  /** Seconds; tool-measured phases in their own unit. */
  phases: z.record(z.string(), z.number()),
  /** At the scratch devices, by phase; `total` from rest before prepare (a control: after it) to rest after the work. */
  io: z.record(z.string(), ioSchema),
  /** Change of the space used in the store over the same time as `total`. */
  allocated: z.object({ bytes: z.number(), inodes: z.number().nullable() }).nullable(),
  /** Change of the page cache (/proc/meminfo, Cached) over the work, bytes. */
  pageCacheBytes: z.number().nullable(),
  witness: witnessSchema.nullable(),
  warnings: z.array(warningSchema),
})

/** One line of `--json`: a cell and a phase. Seconds and bytes; null where there is nothing to say. */
export const rowSchema = z.object({
  driver: z.string(),
  scenario: z.string(),
  params: z.record(z.string(), z.string()),
  cache,
  phase: z.string().nullable().describe('null for a cell that has no samples'),
  unit: unit.nullable(),
  better: better.nullable(),
  state: z.enum(['completed', 'unsupported', 'failed', 'aborted', 'pending']),
  n: z.number(),
  median: z.number().nullable(),
  low: z.number().nullable().describe('rank-based interval of the median'),
  high: z.number().nullable(),
  coverage: z.number().nullable().describe('what the interval covers: 0.95 or, where n is too small, less'),
  p95: z.number().nullable().describe('null below 20 samples'),
  control: z.string().nullable().describe('driver configuration of the control'),
  ratio: z.number().nullable(),
  ratioLow: z.number().nullable(),
  ratioHigh: z.number().nullable(),
  bytesWritten: z.number().nullable().describe('at the scratch device in this phase, median'),
  bytesAllocated: z.number().nullable().describe('in the store by the whole sample, median'),
  mechanism: z.string().nullable(),
  warnings: z.array(warningSchema),
  reason: z.string().nullable(),
  hint: z.string().nullable(),
})

export type Warning = z.infer<typeof warningSchema>
export type Cell = z.infer<typeof cellSchema>
export type Outcome = z.infer<typeof outcomeSchema>
export type RunOptions = z.infer<typeof optionsSchema>
export type Fingerprint = z.infer<typeof fingerprintSchema>
export type DriverInfo = z.infer<typeof driverInfoSchema>
export type ScenarioInfo = z.infer<typeof scenarioInfoSchema>
export type ImageInfo = z.infer<typeof imageInfoSchema>
export type Run = z.infer<typeof runSchema>
export type IoCounters = z.infer<typeof ioSchema>
export type Sample = z.infer<typeof sampleSchema>
export type Row = z.infer<typeof rowSchema>
