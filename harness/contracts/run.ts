/**
 * A run on disk: `run.json` (this schema) and `samples.ndjson` (one `Sample` a line).
 * Seconds and bytes throughout. `schema` counts up when a reader of the old form would misread the new one.
 */
import { z } from 'zod'
import { calibrationSchema } from './calibration.ts'
import { type Cell, cellSchema, outcomeSchema } from './cell.ts'
import { cowUnitSchema, roleSchema } from './driver.ts'
import { fingerprintSchema } from './fingerprint.ts'
import { optionsSchema } from './options.ts'
import { phaseSchema, tallySchema } from './phase.ts'
import { warningSchema } from './warning.ts'

export const RUN_SCHEMA_VERSION = 3

export const driverInfoSchema = z.object({
  configuration: z.string(),
  id: z.string(),
  title: z.string(),
  summary: z.string(),
  cowUnit: cowUnitSchema,
  emulated: z.boolean(),
  role: roleSchema,
})

export const scenarioInfoSchema = z.object({
  id: z.string(),
  title: z.string(),
  question: z.string(),
  phases: z.array(phaseSchema),
  tallies: z.array(tallySchema).optional().describe('numbers of the witness that reports show'),
})

export const imageInfoSchema = z.object({
  layers: z.number(),
  files: z.number(),
  bytes: z.number(),
  manifest: z.string().describe('SHA-256 over all entries; every driver showed the container this one'),
})

export const interruptionSchema = z.object({
  at: z.iso.datetime().nullable().describe('start of the last sample before it; null where there was none'),
  resumedAt: z.iso.datetime(),
  round: z.number().int().describe('round that was going on, or would have been next'),
  samples: z.number().int().describe('samples before it; all of them were kept'),
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
  interruptions: z
    .array(interruptionSchema)
    .optional()
    .describe('where the run was interrupted and resumed; absent from one that was not'),
})

export type DriverInfo = z.infer<typeof driverInfoSchema>
export type ScenarioInfo = z.infer<typeof scenarioInfoSchema>
export type ImageInfo = z.infer<typeof imageInfoSchema>
export type Interruption = z.infer<typeof interruptionSchema>
export type Run = z.infer<typeof runSchema>

/**
 * Returns the candidate's images, by id, whose bytes are not those that the same cells had in the baseline. The hash of
 * the manifest decides: another seed, or another version of the dataset, makes another. An image that a run did not get to
 * build is known by its id alone, which is a hash over all that determines its bytes.
 */
export function differingImages(
  baseline: Pick<Run, 'cells' | 'images'>,
  candidate: Pick<Run, 'cells' | 'images'>,
): string[] {
  const before = new Map(baseline.cells.map((cell) => [cell.id, cell]))
  const pairs = candidate.cells.flatMap((cell) => {
    const other = before.get(cell.id)
    return other === undefined ? [] : [{ baseline: other, candidate: cell }]
  })
  return differingImagesOf(pairs, baseline.images, candidate.images)
}

/** Returns the same of cells that are paired already; `was` and `is`: the images of their runs. */
export function differingImagesOf(
  pairs: readonly { baseline: Pick<Cell, 'image'>; candidate: Pick<Cell, 'image'> }[],
  was: Run['images'],
  is: Run['images'],
): string[] {
  const differing = pairs.filter(({ baseline: { image: one }, candidate: { image: other } }) => {
    const [before, now] = [was[one]?.manifest, is[other]?.manifest]
    return before === undefined || now === undefined ? one !== other : before !== now
  })
  return [...new Set(differing.map(({ candidate }) => candidate.image))]
}
