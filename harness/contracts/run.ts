/**
 * A run on disk: `run.json` (this schema) and `samples.ndjson` (one {@link sampleSchema} a line).
 * Seconds and bytes throughout. `schema` counts up when a reader of the old form would misread the new one.
 */
import { z } from 'zod'

export const RUN_SCHEMA_VERSION = 2

const unit = z.enum(['s', 'bytes', 'iops', 'bytes/s', 'count'])
const better = z.enum(['lower', 'higher'])
const cache = z.enum(['cold', 'warm'])
const profile = z.enum(['quick', 'standard', 'thorough'])

export const warningSchema = z.object({
  code: z.string().describe('stable name: cache.not-verified'),
  message: z.string(),
})

export const phaseSchema = z.object({
  id: z.string(),
  title: z.string(),
  unit,
  better,
  headline: z.boolean().optional(),
  sum: z.array(z.string()).readonly().optional(),
  byTool: z.boolean().optional().describe('a tool measures it: an injected delay has no part in it'),
  limit: z
    .object({
      operation: z.enum(['copy', 'read', 'write', 'write+flush']),
      pattern: z.enum(['sequential', 'random']),
    })
    .optional()
    .describe('what of the raw device bounds the phase'),
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

/** How a configuration is delayed on purpose. */
const injectedSchema = z.union([
  z.number().describe('share by which each of its in-process phases is made longer'),
  z.object({
    flush: z.number().describe('seconds by which dm-delay is told to delay each flush of its scratch'),
    measured: z
      .number()
      .nullable()
      .describe('seconds by which a flush really took longer, median; null where it was not measured'),
  }),
])

export const optionsSchema = z.object({
  drivers: z.array(z.string()).describe('all configurations, with the controls that came with them'),
  requested: z.array(z.string()).describe('the configurations that were asked for'),
  scenarios: z.array(z.string()),
  profile,
  rounds: z.number().int().positive().describe('at least so many'),
  maxRounds: z.number().int().positive().describe('at most so many'),
  precision: z
    .number()
    .positive()
    .describe(
      'a headline ratio has converged when half the width of its interval is at most this share of it',
    ),
  budgetSeconds: z.number().nullable(),
  calibration: z.enum(['none', 'brief', 'full']),
  injected: z
    .record(z.string(), injectedSchema)
    .describe('driver configuration → the delay that was put on it on purpose'),
  load: z.enum(['none', 'disk']).describe('disk: a second process disturbed the disk all the while'),
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

/** What the harness itself costs: seconds. */
const harnessCostSchema = z.object({
  clock: z.number().describe('one reading of the clock'),
  phase: z.number().describe('an empty timed phase, as it is measured: what every phase contains'),
  verb: z
    .number()
    .describe('the same of a phase that waits for a promise: prepare, mount, umount and remove'),
  call: z.number().describe('one foreign function call (getpid)'),
  tinybench: z.object({
    task: z.number().describe('an empty function, as tinybench measures it'),
    byHand: z.number().describe('the same function in a loop by hand'),
  }),
})

/** What the raw scratch device does, without file system or driver: fio, direct I/O. */
export const deviceLimitSchema = z.object({
  operation: z.enum(['read', 'write', 'write+flush', 'copy']),
  pattern: z.enum(['sequential', 'random']),
  blockSize: z.number(),
  queueDepth: z.number(),
  bytesPerSecond: z.number(),
  iops: z.number(),
  median: z
    .number()
    .nullable()
    .describe(
      'seconds from submission to completion: of random write+flush, of the flush; null of a copy and of one flush for all',
    ),
  p99: z.number().nullable(),
})

const noiseSchema = z.object({
  operation: z.string().describe('what was done again and again: 4 KiB written and flushed'),
  kind: z.enum(['disk', 'cpu']),
  seconds: z.number(),
  n: z.number(),
  median: z.number().describe('seconds'),
  coefficientOfVariation: z.number().describe('standard deviation divided by the mean'),
})

export const calibrationSchema = z.object({
  at: z.iso.datetime(),
  extent: z.enum(['brief', 'full']),
  seconds: z.number().describe('how long it took'),
  harness: harnessCostSchema,
  device: z.object({ path: z.string(), size: z.number(), limits: z.array(deviceLimitSchema) }).nullable(),
  noise: z.array(noiseSchema),
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
  calibration: calibrationSchema.nullable(),
  stopped: z
    .enum(['converged', 'rounds', 'budget', 'asked'])
    .nullable()
    .describe('why no further round was begun; null while running and after a failure'),
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
  delayedFlushes: z
    .number()
    .optional()
    .describe('those of them that dm-delay delayed; only of a configuration whose flushes are delayed'),
})

/** What the work of a phase took of the host. Seconds and counts; null where the kernel does not tell. */
export const resourcesSchema = z.object({
  userSeconds: z.number().describe('CPU of the measuring process'),
  systemSeconds: z.number(),
  childUserSeconds: z.number().describe('CPU of its ended children: fio, the container runtime'),
  childSystemSeconds: z.number(),
  kernelSeconds: z
    .number()
    .nullable()
    .describe('CPU of kernel threads of the whole host; only of `total`, null elsewhere'),
  voluntarySwitches: z.number().describe('context switches of the measuring process'),
  involuntarySwitches: z.number(),
  ioPressureSome: z.number().nullable().describe('time in which some task of the host waited for I/O'),
  ioPressureFull: z.number().nullable(),
  stealSeconds: z.number().nullable().describe('CPU time that a hypervisor gave to others'),
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
  /** By phase, and `total` over the same time as that of `io`. */
  resources: z.record(z.string(), resourcesSchema),
  /** Of phases that repeat an operation: every value, in the order of measurement; the phase is their median. */
  series: z.record(z.string(), z.array(z.number())).optional(),
  /** Change of the space used in the store over the same time as `total`. */
  allocated: z.object({ bytes: z.number(), inodes: z.number().nullable() }).nullable(),
  /** Change of the page cache (/proc/meminfo, Cached) over the work, bytes. */
  pageCacheBytes: z.number().nullable(),
  witness: witnessSchema.nullable(),
  /** Seconds from its first to its last step, and what of them is in no phase, by what was done. */
  took: z.number(),
  untimed: z.object({
    rest: z.number().optional().describe('settling the store and waiting until its device is quiet'),
    count: z.number().optional().describe('reading counters and the space used'),
    cache: z.number().optional().describe('bringing about the cache state, and verifying it'),
    copy: z.number().optional().describe("making and deleting a control's copy of the image"),
    provenance: z.number().optional().describe("asking where the touched files' bytes lie"),
    verify: z.number().optional().describe('checking what the container and the image hold'),
  }),
  warnings: z.array(warningSchema),
})

/** One line of `--json`: a cell and a phase. Seconds and bytes; null where there is nothing to say. */
export const rowSchema = z.object({
  host: z.string().nullable().describe('of a fleet: its name in the inventory; null for a run by itself'),
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
  p95: z.number().nullable().describe('null where n is too small'),
  p99: z.number().nullable().describe('null where n is too small'),
  control: z.string().nullable().describe('driver configuration of the control'),
  ratio: z.number().nullable(),
  ratioLow: z.number().nullable(),
  ratioHigh: z.number().nullable(),
  verdict: z
    .enum(['different', 'not shown', 'too few rounds'])
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
  outliers: z.number().describe('samples marked by their modified z-score; none is left out'),
  modes: z.array(z.object({ center: z.number(), share: z.number() })).describe('more than one where bimodal'),
  drift: z.number().nullable().describe('change over the run, relative; null where none is shown'),
  belowFloor: z.boolean().describe('under 20 times what an empty phase costs'),
  limitShare: z.number().nullable().describe('of what the raw device does: 0.8 is 80 %'),
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
export type Injected = z.infer<typeof injectedSchema>
export type RunOptions = z.infer<typeof optionsSchema>
export type Fingerprint = z.infer<typeof fingerprintSchema>
export type DriverInfo = z.infer<typeof driverInfoSchema>
export type ScenarioInfo = z.infer<typeof scenarioInfoSchema>
export type ImageInfo = z.infer<typeof imageInfoSchema>
export type Run = z.infer<typeof runSchema>
export type IoCounters = z.infer<typeof ioSchema>
export type Resources = z.infer<typeof resourcesSchema>
export type Calibration = z.infer<typeof calibrationSchema>
export type DeviceLimit = z.infer<typeof deviceLimitSchema>
export type Sample = z.infer<typeof sampleSchema>
export type Row = z.infer<typeof rowSchema>
