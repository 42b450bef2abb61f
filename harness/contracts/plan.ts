/** A plan: what a run measures, as plain data. It is made once, and travels to the measuring process and to other hosts. */
import { z } from 'zod'
import { cellSchema, type Cell } from './cell.ts'
import type { Driver, DriverConfig } from './driver.ts'
import { optionsSchema } from './options.ts'
import type { Image, OwnImage } from './image.ts'
import type { Scenario } from './scenario.ts'

export const estimateSchema = z.object({
  scratchByConfiguration: z.record(z.string(), z.number()).describe('bytes that each configuration needs'),
  scratchSize: z
    .number()
    .describe('bytes for each configuration: what the largest that is not absent needs, in whole steps'),
  seconds: z.object({ setUp: z.number(), round: z.number() }).describe('without what is absent'),
  absent: z
    .record(z.string(), z.string())
    .describe('configurations that cannot be measured where it was planned, with the reason'),
})

export const planSchema = z.object({
  options: optionsSchema,
  cells: z.array(cellSchema),
  estimate: estimateSchema,
  destroy: z
    .string()
    .nullable()
    .describe('by-id name or serial of a device with a signature that may be overwritten all the same'),
})

export type Estimate = z.infer<typeof estimateSchema>
export type Plan = z.infer<typeof planSchema>

/** Returns why a configuration cannot be measured on the machine of the plan; null where it may be. */
export type WhyAbsent = (driver: Driver, config: DriverConfig) => string | null

/** The drivers and scenarios that a plan may name. */
export interface Registry {
  readonly drivers: readonly Driver[]
  readonly scenarios: readonly Scenario[]
  /** The user's own image, where the plan is on it. */
  readonly own?: OwnImage | null
}

/** A cell with the objects that it names. */
export interface ResolvedCell {
  cell: Cell
  driver: Driver
  config: DriverConfig
  scenario: Scenario
  params: unknown
  image: Image
}
