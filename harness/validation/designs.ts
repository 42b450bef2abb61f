/**
 * How many samples two designs of an experiment need to find the same difference on the same host: one and the other in
 * turn, and all of the one before all of the other, as someone does who starts a benchmark twice.
 */
import { rankSum } from '../statistics/rank-sum.ts'
import { signedRank } from '../statistics/signed-rank.ts'

/** Samples as they followed each other, without anything between them. */
export interface Recorded {
  /** As many of the one as of the other: one, other, one, other … */
  turns: { one: readonly number[]; other: readonly number[] }
  /** Each: all of the one, then all of the other. */
  blocks: readonly { one: readonly number[]; other: readonly number[] }[]
}

export interface DesignResult {
  /** Samples of each of the two. */
  size: number
  /** Share of experiments on one and the same that find a difference: 0.05 of an honest design. */
  falseAlarms: number
  /** Share of experiments that find the true one, at a threshold at which no more than 0.05 are false alarms. */
  power: number
}

/** p-values of all experiments of a size that a recording holds. */
interface Design {
  alike(recorded: Recorded, size: number): number[]
  different(recorded: Recorded, size: number): number[]
}

const ALPHA = 0.05

/** Pairs of neighbours: the signed-rank test of their log ratios. */
export const inTurn: Design = {
  different: ({ turns }, size) => windows(logRatios(turns.one, turns.other), size).map(pairedP),
  // Neighbours within a block are the same thing twice.
  alike: ({ blocks }, size) =>
    blocks
      .flatMap(({ one, other }) => [one, other])
      .flatMap((block) => windows(logRatios(even(block), odd(block)), size).map(pairedP)),
}

/** Two groups: the rank-sum test. */
export const inSequence: Design = {
  different: ({ blocks }, size) =>
    blocks
      .filter(({ one, other }) => Math.min(one.length, other.length) >= size)
      .map(({ one, other }) => groupsP(one.slice(-size), other.slice(0, size))),
  alike: ({ blocks }, size) =>
    blocks
      .flatMap(({ one, other }) => [one, other])
      .flatMap((block) => windows(block, 2 * size))
      .map((both) => groupsP(both.slice(0, size), both.slice(size))),
}

/**
 * A design that drift misleads is held to the threshold at which it would mislead no more often than it says, since
 * without that its power means nothing. Null where the recording is too short.
 */
export function playDesign(design: Design, recorded: Recorded, size: number): DesignResult | null {
  const alike = design.alike(recorded, size).toSorted((a, b) => a - b)
  const different = design.different(recorded, size)
  if (alike.length === 0 || different.length === 0) return null
  const threshold = Math.min(ALPHA, alike[Math.floor(ALPHA * alike.length)] ?? ALPHA)
  const share = (ps: readonly number[], limit: number) => ps.filter((p) => p < limit).length / ps.length
  return { size, falseAlarms: share(alike, ALPHA), power: share(different, threshold) }
}

/**
 * The fewest samples of each with which a design reaches the power; the most that the recording holds where none does.
 * Null where it holds no experiment at all.
 */
export function sizeFor(design: Design, recorded: Recorded, power: number): DesignResult | null {
  let largest: DesignResult | null = null
  for (let size = SMALLEST; ; size += 1) {
    const result = playDesign(design, recorded, size)
    if (result === null) return largest
    if (result.power >= power) return result
    largest = result
  }
}

/** Of fewer pairs no signed-rank test is significant at 0.05. */
const SMALLEST = 6

function pairedP(logs: readonly number[]): number {
  return signedRank(logs)?.p ?? 1
}

function groupsP(one: readonly number[], other: readonly number[]): number {
  return rankSum(one, other)?.p ?? 1
}

function logRatios(one: readonly number[], other: readonly number[]): number[] {
  const pairs = Math.min(one.length, other.length)
  return Array.from({ length: pairs }, (_, index) =>
    Math.log((other[index] as number) / (one[index] as number)),
  )
}

function even(values: readonly number[]): number[] {
  return values.filter((_, index) => index % 2 === 0)
}

function odd(values: readonly number[]): number[] {
  return values.filter((_, index) => index % 2 === 1)
}

/** Every run of `size` neighbours. */
function windows(values: readonly number[], size: number): number[][] {
  const count = Math.max(0, values.length - size + 1)
  return Array.from({ length: count }, (_, start) => values.slice(start, start + size))
}
