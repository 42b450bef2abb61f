/** Runs whose cells are done one by one, each when its answer is there and its ratio known well enough. */
import { answerTogether, type Answered } from '../../statistics/answers.ts'
import { type ByRound, pairedRatio, type PairedRatio } from '../../statistics/paired-ratio.ts'
import { relativeWidthOf } from '../../statistics/precision.ts'
import { halfWidthOf, isSettled } from '../../statistics/settled.ts'
import { drawsOf } from './monte-carlo.ts'
import type { Noise } from './noise.ts'
import type { Random } from './random.ts'

const AIM = { precision: 0.03, same: 0.1 }
const FEWEST_ROUNDS = 3
const MOST_ROUNDS = 40

/** True ratios of a run, each of as many cells. */
const RATIOS = [1, 1.05, 1.3, 2, 50] as const
const CELLS_EACH = 8

export interface Settled {
  /** Mean rounds of a cell, by its true ratio. */
  rounds: Map<number, number>
  /** Share of runs in which an equal cell is called dearer or cheaper at the end. */
  falseDifference: number
  /** Share of runs in which a cell that costs 1.3 times as much or more is called about the same. */
  falseSame: number
  /** Share of the cells that get their right answer, by their true ratio; none is asked of 1.05. */
  answered: Map<number, number>
  /** Share of the intervals that hold the true ratio. */
  coverage: number
}

interface Cell {
  truth: number
  rounds: Map<number, number>
  done: boolean
}

/** Simulates `runs` runs of 40 cells whose log ratios have this noise, with `scale` as its standard deviation. */
export function settle(noise: Noise, scale: number, runs: number, seed: number): Settled {
  const all = drawsOf(seed, (random) => oneRun(noise, scale, random), runs)
  const cells = all.flat()
  const of = (truth: number) => cells.filter((cell) => cell.truth === truth)
  const share = <T>(among: readonly T[], is: (one: T) => boolean) => among.filter(is).length / among.length
  return {
    rounds: new Map(
      RATIOS.map((truth) => [
        truth,
        of(truth).reduce((sum, { rounds }) => sum + rounds, 0) / of(truth).length,
      ]),
    ),
    falseDifference: share(all, (run) => run.some(({ truth, is }) => truth === 1 && DIFFERENT.has(is))),
    falseSame: share(all, (run) => run.some(({ truth, is }) => truth >= 1.3 && is === 'same')),
    answered: new Map(
      RATIOS.filter((truth) => truth !== 1.05).map((truth) => [
        truth,
        share(of(truth), ({ is }) => is === (truth === 1 ? 'same' : 'dearer')),
      ]),
    ),
    coverage: share(cells, ({ holds }) => holds),
  }
}

const DIFFERENT: ReadonlySet<string> = new Set(['dearer', 'cheaper'])

/** What the report says of each cell at the end. */
function oneRun(noise: Noise, scale: number, random: Random) {
  const cells: Cell[] = RATIOS.flatMap((truth) =>
    Array.from({ length: CELLS_EACH }, () => ({ truth, rounds: new Map<number, number>(), done: false })),
  )
  for (let round = 0; round < MOST_ROUNDS && cells.some(({ done }) => !done); round += 1) {
    for (const { truth, rounds, done } of cells) {
      if (!done) rounds.set(round, truth * Math.exp(scale * noise.draw(random)))
    }
    if (round + 1 < FEWEST_ROUNDS) continue
    for (const [index, { answered, paired, width }] of judge(cells).entries()) {
      const cell = cells[index] as Cell
      const halfWidth = width ?? halfWidthOf(answered)
      cell.done ||= isSettled(answered, { ratio: paired.ratio, halfWidth }, AIM.precision)
    }
  }
  return judge(cells).map(({ answered: { answer, interval } }, index) => {
    const { truth, rounds } = cells[index] as Cell
    const log = Math.log(truth)
    return {
      truth,
      rounds: rounds.size,
      is: answer.is,
      holds: interval !== null && interval.low <= log && log <= interval.high,
    }
  })
}

function judge(cells: readonly Cell[]): { answered: Answered; paired: PairedRatio; width: number | null }[] {
  const controls: ByRound[] = cells.map(
    ({ rounds }) => new Map([...rounds.keys()].map((round) => [round, 1])),
  )
  const paired = cells.map(
    ({ rounds }, index) => pairedRatio(rounds, controls[index] as ByRound) as PairedRatio,
  )
  const answers = answerTogether(
    paired.map(({ logRatios }) => ({ logRatios, pickedFrom: 1 })),
    AIM.same,
  )
  return cells.map(({ rounds }, index) => ({
    answered: answers[index] as Answered,
    paired: paired[index] as PairedRatio,
    width: relativeWidthOf(rounds, controls[index] as ByRound),
  }))
}
