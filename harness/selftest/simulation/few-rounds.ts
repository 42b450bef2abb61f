/** Runs of few rounds whose comparisons are judged together. */
import { ALPHA } from '../../statistics/detection.ts'
import { differenceP, interval, moderate, type ModeratedEstimate, sameP } from '../../statistics/moderated.ts'
import { holm } from '../../statistics/multiple-testing.ts'
import { holds } from './coverage.ts'
import { drawsOf, shareOf } from './monte-carlo.ts'
import { LOGNORMAL, LOGNORMAL_PAIR, type Noise } from './noise.ts'
import type { Random } from './random.ts'

/** Standard deviation of the noise of a middling comparison, on the log scale: about 12 %. */
const SCALE = 0.12

/** Standard deviation of the logarithm of the noise over the comparisons of a run: two of three lie within twofold. */
const SPREAD = 0.7

/** What the others call noise of 1 has no standard deviation, or that of most rounds. */
const DEVIATIONS = new Map<Noise, number>([
  [LOGNORMAL, Math.sqrt(Math.E * (Math.E - 1))],
  [LOGNORMAL_PAIR, Math.sqrt(2 * Math.E * (Math.E - 1))],
])

export interface FewRounds {
  noise: Noise
  rounds: number
  comparisons: number
  /** True ratio of every other comparison, or its inverse; that of the others is 1. */
  ratio: number
  /** Noise of three in four comparisons; as `noise` if absent. */
  others?: Noise
  /** Standard deviation of the noise; {@link SCALE} if absent. */
  scale?: number
}

interface Truth {
  one: ModeratedEstimate
  /** True log ratio. */
  log: number
}

export type Question = (one: ModeratedEstimate) => number

/** Share of runs in which a test of level {@link ALPHA} for all its comparisons answers one or more wrongly. */
export function falseAlarms(
  run: FewRounds,
  question: Question,
  wrong: (log: number) => boolean,
  seed: number,
) {
  return shareOf(seed, (random) => {
    const truths = drawRun(random, run)
    return answersOf(truths, question).some((shown, index) => shown && wrong((truths[index] as Truth).log))
  })
}

/** Share of the comparisons in `among` that the same test answers with yes, over a tenth of the runs. */
export function found(
  run: FewRounds,
  question: Question,
  among: (log: number) => boolean,
  seed: number,
): number {
  const shares = drawsOf(
    seed,
    (random) => {
      const truths = drawRun(random, run)
      const shown = answersOf(truths, question).filter((_, index) => among((truths[index] as Truth).log))
      return shown.filter(Boolean).length / shown.length
    },
    200,
  )
  return shares.reduce((sum, share) => sum + share, 0) / shares.length
}

/** Returns the share of the intervals of the model that hold the true log ratio, over a tenth of the runs. */
export function coverageOfModel(run: FewRounds, seed: number): number {
  const held = drawsOf(
    seed,
    (random) => drawRun(random, run).map(({ one, log }) => holds(interval(one), log)),
    200,
  ).flat()
  return held.filter(Boolean).length / held.length
}

export const isDifferent: Question = (one) => differenceP(one)

/** Whether the two are the same to within 10 %. */
export const isSame: Question = (one) => sameP(one, Math.log(1.1))

function answersOf(truths: readonly Truth[], question: Question): boolean[] {
  return answers(
    truths.map(({ one }) => one),
    question,
  )
}

function answers(comparisons: readonly ModeratedEstimate[], question: Question): boolean[] {
  return holm(comparisons.map(question)).map((p) => p < ALPHA)
}

/** Returns the share of runs of equals in which a difference is claimed after any round from the third on. */
export function claimedOnTheWay({ rounds, ...run }: Omit<FewRounds, 'ratio'>, seed: number): number {
  return shareOf(seed, (random) => {
    const families = drawFamilies(random, { ...run, rounds }, () => 0)
    return Array.from({ length: rounds - 2 }, (_, look) => 3 + look).some((count) => {
      const { comparisons } = moderate(families.map((logRatios) => logRatios.slice(0, count)))
      return answers(comparisons, isDifferent).includes(true)
    })
  })
}

function drawRun(random: Random, { ratio, ...run }: FewRounds): Truth[] {
  const logOf = (index: number) => (index % 2 === 1 ? 0 : (index % 4 === 0 ? 1 : -1) * Math.log(ratio))
  const families = drawFamilies(random, run, logOf)
  return moderate(families).comparisons.map((one, index) => ({ one, log: logOf(index) }))
}

/** Returns the log ratios of each comparison, a value a round. */
function drawFamilies(
  random: Random,
  { noise, others = noise, rounds, comparisons, scale = SCALE }: Omit<FewRounds, 'ratio'>,
  logOf: (index: number) => number,
): number[][] {
  return Array.from({ length: comparisons }, (_, index) => {
    const own = index % 4 < 1 ? noise : others
    const size = (scale * Math.exp(SPREAD * random.normal())) / (DEVIATIONS.get(own) ?? 1)
    return Array.from({ length: rounds }, () => logOf(index) + size * own.draw(random))
  })
}
