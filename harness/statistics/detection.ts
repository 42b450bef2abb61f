import { median } from './quantile.ts'
import { signedRank } from './signed-rank.ts'

/** Chance that a difference is claimed where there is none, over all comparisons that are judged together. */
export const ALPHA = 0.05

/** Number of trials that found a difference, and of all trials. */
export interface Detections {
  found: number
  trials: number
}

/** Outcome of comparing a pair of cells: slower (1), faster (−1), or no difference shown (0). */
export function finding(logRatios: readonly number[], alpha = ALPHA): -1 | 0 | 1 {
  const test = signedRank(logRatios)
  if (test === null || test.p >= alpha) return 0
  return (median(logRatios) ?? 0) > 0 ? 1 : -1
}

/**
 * Cuts a long run into trials of `size` rounds that follow each other, as many short runs would have been, and compares
 * in each. Whatever is left at the end is no trial. `direction`: which finding counts; `any` where none is true.
 */
export function inTrials(
  logRatios: readonly number[],
  size: number,
  direction: 'slower' | 'any',
): Detections {
  const trials = Math.floor(logRatios.length / size)
  let found = 0
  for (let trial = 0; trial < trials; trial += 1) {
    if (counts(logRatios.slice(trial * size, (trial + 1) * size), direction)) found += 1
  }
  return { found, trials }
}

/**
 * The share of trials of `size` rounds that find a difference, from `draws` random subsets of a run's rounds: half
 * of them at most, since subsets of nearly all are nearly the same. Null where the run is too short for that.
 */
export function inSubsets(
  logRatios: readonly number[],
  size: number,
  direction: 'slower' | 'any',
  random: () => number,
  draws = 1000,
): number | null {
  if (size > logRatios.length / 2) return null
  let found = 0
  for (let draw = 0; draw < draws; draw += 1) {
    if (counts(subset(logRatios, size, random), direction)) found += 1
  }
  return found / draws
}

function counts(logRatios: readonly number[], direction: 'slower' | 'any'): boolean {
  const result = finding(logRatios)
  return direction === 'slower' ? result === 1 : result !== 0
}

/** The first `size` steps of a Fisher–Yates shuffle. */
function subset(values: readonly number[], size: number, random: () => number): number[] {
  const rest = [...values]
  for (let index = 0; index < size; index += 1) {
    const other = index + Math.floor(random() * (rest.length - index))
    ;[rest[index], rest[other]] = [rest[other] as number, rest[index] as number]
  }
  return rest.slice(0, size)
}
