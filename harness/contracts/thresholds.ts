/** How much worse a cell may be before a comparison of two runs calls it a regression. */
import { z } from 'zod'

/** Counters that a threshold can name: at the device for each object changed, at the device, in the store. */
export const GATED_COUNTERS = ['flushes', 'written', 'allocated'] as const

export type GatedCounter = (typeof GATED_COUNTERS)[number]

/** Key of the threshold of everything that has none of its own. */
export const GENERAL = 'threshold'

/** Threshold of a comparison that nobody gave one. */
export const DEFAULT_THRESHOLD = 0.05

export const thresholdsSchema = z
  .record(z.string(), z.number().nonnegative())
  .describe(
    'share by which a figure may be worse, by key: threshold (all), SCENARIO, SCENARIO.PHASE, COUNTER, SCENARIO.COUNTER',
  )

export type Thresholds = z.infer<typeof thresholdsSchema>

/** Returns the threshold of everything that has none of its own. */
export function generalThreshold(thresholds: Thresholds): number {
  return thresholds[GENERAL] ?? DEFAULT_THRESHOLD
}

/** Returns the threshold of a phase of a scenario: the most specific one. */
export function phaseThreshold(thresholds: Thresholds, scenario: string, phase: string): number {
  return thresholds[`${scenario}.${phase}`] ?? thresholds[scenario] ?? generalThreshold(thresholds)
}

/** Returns the threshold of a counter of a scenario: the most specific one. */
export function counterThreshold(thresholds: Thresholds, scenario: string, counter: GatedCounter): number {
  return (
    thresholds[`${scenario}.${counter}`] ??
    thresholds[counter] ??
    thresholds[scenario] ??
    generalThreshold(thresholds)
  )
}
