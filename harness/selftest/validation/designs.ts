/**
 * How many samples two designs of an experiment need to find the same difference on the same host: one and the other in
 * turn, and all of the one before all of the other, as someone does who starts a benchmark twice.
 *
 * Both are played on the same series of samples of one and the same thing. Every second one, or every one of the second
 * half, stands for the other and counts as longer by the difference that is to be found. So both designs meet the same
 * noise and the same drift, and every stretch of the series is an experiment.
 */
import { ALPHA } from '../../statistics/detection.ts'
import { rankSum } from '../../statistics/rank-sum.ts'
import { signedRank } from '../../statistics/signed-rank.ts'

export interface DesignResult {
  /** Samples of each of the two. */
  size: number
  /** Share of experiments on one and the same that find a difference: 0.05 of an honest design. */
  falseAlarms: number
  /** Share of experiments that find the true one, at a threshold at which at most 0.05 are false alarms. */
  power: number
}

/** The p-value of the experiment that a stretch of samples is when the other's count `factor` times. */
export type Design = (samples: readonly number[], factor: number) => number

/** Pairs of neighbours: the signed-rank test of their log ratios. */
export const inTurn: Design = (samples, factor) => {
  const logRatios: number[] = []
  for (let index = 0; index + 1 < samples.length; index += 2) {
    const [one, other] = [samples[index] as number, samples[index + 1] as number]
    logRatios.push(Math.log((other * factor) / one))
  }
  return signedRank(logRatios)?.p ?? 1
}

/** Two groups: the rank-sum test. */
export const inSequence: Design = (samples, factor) => {
  const half = samples.length / 2
  const other = samples.slice(half).map((value) => value * factor)
  return rankSum(samples.slice(0, half), other)?.p ?? 1
}

/** Stretches without a sample in common that a recording must hold, for what they say to be more than chance. */
const STRETCHES = 6
/** Distance between the beginnings of two stretches. Overlapping stretches tell less and cost the same. */
const STEP = 1 / 8
/** Least number of pairs with which a signed-rank test can be significant at 0.05. */
const SMALLEST = 6
/** From one size that is tried to the next. */
const GROWTH = 1.1

/**
 * A design that drift misleads is held to the threshold at which it would mislead no more often than it says, since
 * without that its power means nothing. Null where the recording is too short. `factor`: 1.05 for 5 %.
 */
export function playDesign(
  design: Design,
  series: readonly number[],
  size: number,
  factor: number,
): DesignResult | null {
  const stretches = stretchesOf(series, 2 * size)
  if (stretches === null) return null
  const alike = stretches.map((samples) => design(samples, 1)).toSorted((a, b) => a - b)
  const different = stretches.map((samples) => design(samples, factor))
  const threshold = Math.min(ALPHA, alike[Math.floor(ALPHA * alike.length)] ?? ALPHA)
  const share = (ps: readonly number[], limit: number) => ps.filter((p) => p < limit).length / ps.length
  return { size, falseAlarms: share(alike, ALPHA), power: share(different, threshold) }
}

/**
 * Returns the fewest samples of each from which on a design has the power: one size that has it by chance does not count. The
 * most that the recording can tell of where the design has it not. Null where the recording is too short.
 */
export function sizeFor(
  design: Design,
  series: readonly number[],
  factor: number,
  power: number,
): DesignResult | null {
  let found: DesignResult | null = null
  let largest: DesignResult | null = null
  for (let size = SMALLEST; ; size = Math.max(size + 1, Math.round(size * GROWTH))) {
    const result = playDesign(design, series, size, factor)
    if (result === null) return found ?? largest
    largest = result
    found = result.power < power ? null : (found ?? result)
  }
}

export interface Comparison {
  turns: DesignResult
  /** Result of the sequential design with twice the number of samples of each. */
  sequence: DesignResult
}

/** Returns what interleaving needs, and what a sequence finds with twice as much; null where the series is too short. */
export function compareDesigns(series: readonly number[], factor: number, power: number): Comparison | null {
  const turns = sizeFor(inTurn, series, factor, power)
  if (turns === null || turns.power < power) return null
  const sequence = playDesign(inSequence, series, 2 * turns.size, factor)
  return sequence === null ? null : { turns, sequence }
}

/** Returns null where there are fewer than it takes. */
function stretchesOf(series: readonly number[], length: number): number[][] | null {
  if (series.length < STRETCHES * length) return null
  const step = Math.max(1, Math.floor(STEP * length))
  const count = Math.floor((series.length - length) / step) + 1
  return Array.from({ length: count }, (_, index) => series.slice(index * step, index * step + length))
}
