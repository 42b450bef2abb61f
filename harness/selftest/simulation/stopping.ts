import { ALPHA } from '../../statistics/detection.ts'
import { type ByRound, pairedRatio } from '../../statistics/paired-ratio.ts'
import { relativeHalfWidth } from '../../statistics/precision.ts'
import { holds } from './coverage.ts'
import { drawsOf } from './monte-carlo.ts'
import { type Experiment, simulateRounds } from './rounds.ts'

const FEWEST_ROUNDS = 10
const MOST_ROUNDS = 60

export type StoppingRule = (cell: ByRound, control: ByRound, precision: number) => boolean

export interface Stopped {
  coverage: number
  /** Mean. */
  rounds: number
  /** Share that stopped before the most rounds, or at them with what was asked for. */
  converged: number
  /** Share in which the signed-rank test then finds a difference from 1 at 5 %. */
  different: number
}

/** Looks after every round from the tenth on and stops when the rule says so, or at 60. */
export function coverageWhenStopped(
  rule: StoppingRule,
  experiment: Experiment,
  precision: number,
  seed: number,
): Stopped {
  const runs = drawsOf(seed, (random) => {
    for (const { cell, control } of simulateRounds(random, experiment)) {
      if (cell.size < FEWEST_ROUNDS) continue
      const converged = rule(cell, control, precision)
      if (!converged && cell.size < MOST_ROUNDS) continue
      const ratio = pairedRatio(cell, control)
      const different = ratio?.p != null && ratio.p <= ALPHA
      return { converged, rounds: cell.size, held: holds(ratio, experiment.ratio), different }
    }
    throw new Error('rounds do not end by themselves')
  })
  const share = (of: (run: (typeof runs)[number]) => number | boolean) =>
    runs.reduce((sum, run) => sum + Number(of(run)), 0) / runs.length
  return {
    coverage: share(({ held }) => held),
    rounds: share(({ rounds }) => rounds),
    converged: share(({ converged }) => converged),
    different: share(({ different }) => different),
  }
}

/** The naive rule: stop when the interval is narrow enough. */
export const byWidthAlone: StoppingRule = (cell, control, precision) => {
  const ratio = pairedRatio(cell, control)
  const width = ratio === null ? null : relativeHalfWidth(ratio)
  return width !== null && width <= precision
}

/** The same, in three looks running. */
export const byWidthThreeTimes: StoppingRule = (cell, control, precision) =>
  [0, 1, 2].every((back) => byWidthAlone(new Map([...cell].slice(0, cell.size - back)), control, precision))
