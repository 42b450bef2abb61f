/** Rounds of trials: every round visits every cell in a fresh random order; each sample is durable before the next. */
import type { Cell, Outcome } from '../contracts/cell.ts'
import type { Run } from '../contracts/run.ts'
import type { Sample } from '../contracts/sample.ts'
import type { DeviceCounters } from '../measurement/counters.ts'
import type { ResourceReader } from '../measurement/resources.ts'
import { type Aim, trackConvergence } from './convergence.ts'
import { trialOutcome } from './outcome.ts'
import { keepPace, type Left } from './pace.ts'
import type { ReadyCell } from './ready-cell.ts'
import { openStoreCounters, type OpenStore } from './stores.ts'
import { takeSample, type SampleInputs } from './take-sample.ts'

/** A cell that fails this often is given up: what it does is settled, and the others need the time. */
const FAILURES_TO_GIVE_UP = 2

export interface RoundsInputs extends SampleInputs {
  cells: readonly ReadyCell[]
  /** The least number of rounds. */
  rounds: number
  /** The most rounds, where some cell is not done before. */
  maxRounds: number
  /** What makes a cell done. */
  aim: Aim
  /** Monotonic seconds at which no further round begins; null: none. */
  deadline: number | null
  resources: ResourceReader
  order(cells: readonly ReadyCell[], round: number): ReadyCell[]
  append(sample: Sample): void
  /** Samples from before an interruption, which are not measured again; null for a run that was not interrupted. */
  earlier: EarlierSamples | null
  /** Called before each trial, which waits for it. */
  onTrial(cell: Cell, progress: TrialProgress): Promise<void>
  onOutcome(cell: Cell, outcome: Outcome): void
  stopping(): boolean
}

export interface EarlierSamples {
  /** Returns the sample of a cell in a round; undefined where it has to be measured. */
  find(cell: string, round: number): EarlierSample | undefined
  /** Tells whether a round had begun. */
  begun(round: number): boolean
}

/** What decides of a sample how the run goes on. */
export type EarlierSample = Pick<Sample, 'cell' | 'round' | 'state' | 'phases'>

export interface TrialProgress {
  round: number
  /** Trials before this one. */
  done: number
  /** Time left including this trial, at the pace so far; null while unknown. */
  left: Left | null
}

/** The cells of a round, and how many rounds each is expected to take in all. */
interface Going {
  going: readonly ReadyCell[]
  expected: ReadonlyMap<ReadyCell, number>
}

/** Why no further round was begun. */
export type StopReason = NonNullable<Run['stopped']>

/** Measures rounds until each cell is done, or until the rounds, the time or the patience end. */
export async function runRounds(inputs: RoundsInputs): Promise<StopReason> {
  const { cells } = inputs
  const counters = openAllCounters(cells)
  const convergence = trackConvergence(cells, inputs.aim)
  const pace = keepPace<ReadyCell>()
  const failures = new Map<string, number>()
  /** Cells with an outcome of their own. */
  const unfinished = new Set<string>()
  let done = 0

  const left = ({ going, expected }: Going, began: number) => {
    const estimate = pace.left(going, (one) => expected.get(one) ?? inputs.rounds)
    const untilDeadline = inputs.deadline === null ? null : Math.max(0, inputs.deadline - began)
    if (estimate === null || untilDeadline === null) return estimate
    return { ...estimate, seconds: Math.min(estimate.seconds, untilDeadline) }
  }

  async function trial(ready: ReadyCell, round: number, position: number, going: Going) {
    const began = monotonicSeconds()
    await inputs.onTrial(ready.cell, { round, done, left: left(going, began) })
    const meters = { counters: counters.get(ready.store) as DeviceCounters, resources: inputs.resources }
    const { sample, error } = await takeSample(inputs, ready, meters, round, position)
    pace.took(ready, monotonicSeconds() - began)
    const outcome = sample.state === 'failed' ? trialOutcome(error, round) : null
    if (outcome !== null) inputs.onOutcome(ready.cell, outcome)
    if (outcome?.state === 'unsupported') return refuse(ready)
    inputs.append(sample)
    count(ready, sample)
  }

  /** The driver has not what the work needs: there is no sample of it. */
  function refuse(ready: ReadyCell): void {
    unfinished.add(ready.cell.id)
    convergence.giveUp(ready)
    done += 1
  }

  /** Counts a sample, measured now or before an interruption: what follows is decided by it. */
  function count(ready: ReadyCell, sample: EarlierSample): void {
    convergence.add(sample)
    done += 1
    if (sample.state !== 'failed') return
    unfinished.add(ready.cell.id)
    const failed = (failures.get(ready.cell.id) ?? 0) + 1
    failures.set(ready.cell.id, failed)
    if (failed >= FAILURES_TO_GIVE_UP) convergence.giveUp(ready)
  }

  /** Tells whether the budget is used up before this round. A round that had begun before an interruption is ended. */
  function isOverBudget(round: number): boolean {
    if (inputs.deadline === null || round === 0 || inputs.earlier?.begun(round) === true) return false
    return monotonicSeconds() >= inputs.deadline
  }

  async function rounds(): Promise<StopReason> {
    for (let round = 0; round < inputs.maxRounds; round += 1) {
      if (isOverBudget(round)) return 'budget'
      const going = round < inputs.rounds ? convergence.open() : convergence.going()
      if (going.length === 0) return 'converged'
      // Once a round: it judges every cell of the run.
      const expected = new Map(
        going.map((one) => [one, expectedRounds(inputs, convergence.roundsNeeded(one))]),
      )
      for (const [position, ready] of inputs.order(going, round).entries()) {
        // Messages wait for a turn of the event loop, which synchronous work and settled promises never give.
        await new Promise((next) => setImmediate(next))
        if (inputs.stopping()) return 'asked'
        const earlier = inputs.earlier?.find(ready.cell.id, round)
        if (earlier === undefined) await trial(ready, round, position, { going, expected })
        else count(ready, earlier)
      }
    }
    return convergence.going().length === 0 ? 'converged' : 'rounds'
  }

  try {
    const reason = await rounds()
    if (reason === 'asked') return reason
    for (const { cell } of cells) {
      if (!unfinished.has(cell.id)) inputs.onOutcome(cell, { state: 'completed' })
    }
    return reason
  } finally {
    for (const opened of counters.values()) opened.close()
  }
}

/** Returns how many rounds a cell is expected to take in all, within the run's limits. */
function expectedRounds({ rounds, maxRounds }: RoundsInputs, needed: number | null): number {
  return Math.min(Math.max(needed ?? rounds, rounds), maxRounds)
}

export function monotonicSeconds(): number {
  return Number(process.hrtime.bigint()) / 1e9
}

function openAllCounters(cells: readonly ReadyCell[]): Map<OpenStore, DeviceCounters> {
  const counters = new Map<OpenStore, DeviceCounters>()
  for (const { store } of cells) {
    if (!counters.has(store)) counters.set(store, openStoreCounters(store))
  }
  return counters
}
