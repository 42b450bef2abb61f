import type { ByRound } from '../../statistics/paired-ratio.ts'
import type { Noise } from './noise.ts'
import type { Random } from './random.ts'

/** A drift that both cells of a round share: how much of it stays to the next round, and its standard deviation. */
const REMEMBERED = 0.8
const DRIFT = 0.2

/** Median of the control, seconds. */
export const LEVEL = 0.002

export interface Experiment {
  noise: Noise
  /** Standard deviation of the noise, on the log scale: 0.05 is about 5 %. */
  scale: number
  /** True ratio of the cell to the control. */
  ratio: number
}

export interface Rounds {
  cell: Map<number, number>
  control: Map<number, number>
}

/** Nothing but the drift. */
export const DRIFT_ALONE: Experiment = { noise: { title: 'none', draw: () => 0 }, scale: 0, ratio: 1 }

/** Adds a round after another: both cells drift together, and their ratio has noise of its own. */
export function* simulateRounds(random: Random, experiment: Experiment): Generator<Rounds, never> {
  const rounds: Rounds = { cell: new Map(), control: new Map() }
  let drift = DRIFT * random.normal()
  for (let round = 0; ; round += 1) {
    const control = LEVEL * Math.exp(drift)
    rounds.control.set(round, control)
    const noise = experiment.scale * experiment.noise.draw(random)
    rounds.cell.set(round, control * experiment.ratio * Math.exp(noise))
    yield rounds
    // Autoregressive of order one, with the same variance in every round.
    drift = REMEMBERED * drift + Math.sqrt(1 - REMEMBERED ** 2) * DRIFT * random.normal()
  }
}

/** The first `count` rounds. */
export function simulatePairs(
  random: Random,
  experiment: Experiment,
  count: number,
): { cell: ByRound; control: ByRound } {
  const simulated = simulateRounds(random, experiment)
  let rounds = simulated.next().value
  for (let taken = 1; taken < count; taken += 1) rounds = simulated.next().value
  return rounds
}
