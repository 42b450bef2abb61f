import { sorted } from './quantile.ts'

/** How the rounds of one comparison lie to each other. */
export interface Scatter {
  /** Number of rounds. */
  rounds: number
  /** From the lowest to the highest log ratio. */
  range: number
  /** Whether one gap takes so much of the range that the rounds seem to lie in two groups. */
  split: boolean
}

/**
 * By number of rounds: the share of the range above which the largest gap splits the rounds; how often that happens with
 * normal noise; and how often with two modes 20 standard deviations apart that both have rounds (of 200,000 draws each).
 * More rounds: as the last.
 */
const SPLITS = [
  { rounds: 3, gap: 0.9, ofOne: 0.174, ofTwo: 0.863 },
  { rounds: 4, gap: 0.8, ofOne: 0.094, ofTwo: 0.977 },
  { rounds: 5, gap: 0.7, ofOne: 0.083, ofTwo: 0.999 },
  { rounds: 6, gap: 0.65, ofOne: 0.055, ofTwo: 0.999 },
  { rounds: 7, gap: 0.6, ofOne: 0.05, ofTwo: 1 },
] as const

/** Fewest rounds whose gaps can be compared. */
const FEWEST = 3

/** Number of comparisons that are added, one of them split: few comparisons, which say little, leave a second mode possible. */
const ADDED = 2

/** A mode this share of a difference away may have caused it: modes lie farther apart where there is more noise. */
const NEAR = 1 / 4

/** Returns how the log ratios lie to each other; null of fewer than 3, or where one is not finite. */
export function scatterOf(logRatios: readonly number[]): Scatter | null {
  if (logRatios.length < FEWEST || !logRatios.every(Number.isFinite)) return null
  const { gap } = splitOf(logRatios.length)
  const ascending = sorted(logRatios)
  const range = (ascending[ascending.length - 1] as number) - (ascending[0] as number)
  let largest = 0
  for (let index = 1; index < ascending.length; index += 1) {
    largest = Math.max(largest, (ascending[index] as number) - (ascending[index - 1] as number))
  }
  return { rounds: logRatios.length, range, split: largest > gap * range }
}

/** What the comparisons that are judged together say about second modes. */
export interface Modes {
  scatters: readonly Scatter[]
  /** Number of comparisons by their number of rounds. */
  counts: ReadonlyMap<number, number>
}

/** Returns what the log ratios of comparisons, a list each, say about second modes. */
export function modesOf(families: readonly (readonly number[])[]): Modes {
  const scatters = families.map(scatterOf).filter((scatter) => scatter !== null)
  const counts = new Map([[FEWEST, ADDED]])
  for (const { rounds } of scatters) counts.set(rounds, (counts.get(rounds) ?? 0) + 1)
  return { scatters, counts }
}

/**
 * Returns the probability that all `rounds` rounds of a comparison lie in a second mode, `distance` (a difference of
 * logarithms) away from its median. Nothing within the comparison tells that from a true difference, but the others do:
 * where a second mode takes the share π of the rounds, 1 − πⁿ − (1 − π)ⁿ of the comparisons have rounds in both modes and
 * are split. π is the share that explains how many are split widely enough; πⁿ is returned, ½ⁿ at most.
 */
export function secondModeP({ scatters, counts }: Modes, rounds: number, distance: number): number {
  let split = 0
  for (const scatter of scatters) if (scatter.range >= NEAR * distance) split += splitByModes(scatter)
  const expected = (share: number) => {
    let sum = 0
    for (const [n, count] of counts) sum += count * bothModes(share, n)
    return sum
  }
  return shareWhere(expected, Math.max(split, 0) + ADDED / 2) ** rounds
}

/** Returns 1 on average where both modes have rounds, 0 where one has all. */
function splitByModes({ rounds, split }: Scatter): number {
  const { ofOne, ofTwo } = splitOf(rounds)
  return ((split ? 1 : 0) - ofOne) / (ofTwo - ofOne)
}

function splitOf(rounds: number): (typeof SPLITS)[number] {
  return SPLITS.find((splits) => splits.rounds >= rounds) ?? SPLITS[4]
}

/** Returns the probability that both modes have some of the rounds, of which the second takes `share`. */
function bothModes(share: number, rounds: number): number {
  return 1 - share ** rounds - (1 - share) ** rounds
}

/** Returns the share, ½ at most, at which a growing function of it reaches `value`: to 15 digits, by halving. */
function shareWhere(grows: (share: number) => number, value: number): number {
  let [low, high] = [0, 0.5]
  for (let step = 0; step < 50; step += 1) {
    const middle = (low + high) / 2
    if (grows(middle) < value) low = middle
    else high = middle
  }
  return high
}
