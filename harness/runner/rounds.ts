/** Rounds of trials: every round visits every cell in a fresh random order; each sample is durable before the next. */
import { mkdirSync, rmSync } from 'node:fs'
import { CONTROL_UNTIMED, type Driver } from '../contracts/driver.ts'
import { BenchError, messageOf } from '../contracts/error.ts'
import type { Host } from '../contracts/host.ts'
import type { Cell, Outcome } from '../contracts/cell.ts'
import type { Injected } from '../contracts/options.ts'
import type { Run } from '../contracts/run.ts'
import type { Sample } from '../contracts/sample.ts'
import type { Scenario } from '../contracts/scenario.ts'
import { pageCacheBytes, type DeviceCounters } from '../measurement/counters.ts'
import type { ResourceReader } from '../measurement/resources.ts'
import { addCondition, causeOf } from './condition.ts'
import { trackConvergence } from './convergence.ts'
import { keepPace, type Left } from './pace.ts'
import { openStoreCounters, type BuiltImage, type OpenStore } from './stores.ts'
import { between, quiesce, readTotals } from './totals.ts'
import { startStopwatch } from './stopwatch.ts'
import { startTrial, type RunningTrial } from './trial.ts'

/** A cell that fails this often is given up: what it does is settled, and the others need the time. */
const FAILURES_TO_GIVE_UP = 2

/** A cell with everything open that a trial of it needs. */
export interface ReadyCell {
  cell: Cell
  driver: Driver
  scenario: Scenario
  params: unknown
  store: OpenStore
  image: BuiltImage
}

export interface RoundsInputs {
  host: Host
  cells: readonly ReadyCell[]
  /** At least so many, */
  rounds: number
  /** and at most so many, while some headline ratio is not known to the precision. */
  maxRounds: number
  /** Half the width of a ratio's interval, as a share of the ratio. */
  precision: number
  seed: number
  /** Monotonic seconds at which no further round begins; null: none. */
  deadline: number | null
  /** An empty folder for bundles and job files, made anew for each trial. */
  directory: string
  /** The delay that a driver configuration is given on purpose. */
  injected: Readonly<Record<string, Injected>>
  resources: ResourceReader
  order(cells: readonly ReadyCell[], round: number): ReadyCell[]
  append(sample: Sample): void
  onTrial(cell: Cell, progress: TrialProgress): void
  onOutcome(cell: Cell, outcome: Outcome): void
  stopping(): boolean
}

export interface TrialProgress {
  round: number
  /** Trials before this one. */
  done: number
  /** What is left with this one, at the pace so far; null before it can be told. */
  left: Left | null
}

/** Why no further round was begun. */
export type StopReason = NonNullable<Run['stopped']>

/** Measures rounds until each cell is known to the precision, or until the rounds, the time or the patience end. */
export async function runRounds(inputs: RoundsInputs): Promise<StopReason> {
  const { cells } = inputs
  const counters = openAllCounters(cells)
  const convergence = trackConvergence(cells, inputs.precision)
  const pace = keepPace<ReadyCell>()
  const failures = new Map<string, number>()
  let done = 0

  const left = (going: readonly ReadyCell[], began: number) => {
    const estimate = pace.left(going, (one) => expectedRounds(inputs, convergence.roundsNeeded(one)))
    const untilDeadline = inputs.deadline === null ? null : Math.max(0, inputs.deadline - began)
    if (estimate === null || untilDeadline === null) return estimate
    return { ...estimate, seconds: Math.min(estimate.seconds, untilDeadline) }
  }

  async function trial(ready: ReadyCell, round: number, position: number, going: readonly ReadyCell[]) {
    const began = monotonicSeconds()
    inputs.onTrial(ready.cell, { round, done, left: left(going, began) })
    const { sample, error } = await takeSample(inputs, ready, counters, round, position)
    inputs.append(sample)
    convergence.add(sample)
    pace.took(ready, monotonicSeconds() - began)
    done += 1
    if (sample.state !== 'failed') return
    const count = (failures.get(ready.cell.id) ?? 0) + 1
    failures.set(ready.cell.id, count)
    if (count >= FAILURES_TO_GIVE_UP) convergence.giveUp(ready)
    inputs.onOutcome(ready.cell, failedOutcome(sample, error))
  }

  async function rounds(): Promise<StopReason> {
    for (let round = 0; round < inputs.maxRounds; round += 1) {
      if (inputs.deadline !== null && round > 0 && monotonicSeconds() >= inputs.deadline) return 'budget'
      const going = round < inputs.rounds ? convergence.open() : convergence.going()
      if (going.length === 0) return 'converged'
      for (const [position, ready] of inputs.order(going, round).entries()) {
        // Messages wait for a turn of the event loop, which synchronous work and settled promises never give.
        await new Promise((next) => setImmediate(next))
        if (inputs.stopping()) return 'asked'
        await trial(ready, round, position, going)
      }
    }
    return convergence.going().length === 0 ? 'converged' : 'rounds'
  }

  try {
    const reason = await rounds()
    if (reason === 'asked') return reason
    for (const { cell } of cells) {
      if (!failures.has(cell.id)) inputs.onOutcome(cell, { state: 'completed' })
    }
    return reason
  } finally {
    for (const one of counters.values()) one.close()
  }
}

/** Of a run that sets no end to the rounds, as many as it seems to take. */
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

function failedOutcome(sample: Sample, error: unknown): Outcome {
  const known = error instanceof BenchError ? error : null
  return {
    state: 'failed',
    code: known?.code ?? 'trial.failed',
    reason: messageOf(error),
    hint: known?.hint ?? `see round ${sample.round} in samples.ndjson`,
  }
}

/** `error`: of a sample that failed, what it failed by. */
interface Taken {
  sample: Sample
  error: unknown
}

async function takeSample(
  inputs: RoundsInputs,
  ready: ReadyCell,
  allCounters: ReadonlyMap<OpenStore, DeviceCounters>,
  round: number,
  position: number,
): Promise<Taken> {
  const { snapshotter } = ready.store
  const meters = {
    counters: allCounters.get(ready.store) as DeviceCounters,
    resources: inputs.resources,
  }
  const at = new Date().toISOString()
  rmSync(inputs.directory, { recursive: true, force: true })
  mkdirSync(inputs.directory, { recursive: true })
  const stopwatch = startStopwatch()
  const restless = await stopwatch.book('rest', () => quiesce(snapshotter, meters))
  const baseline = await stopwatch.book('count', () => readTotals(snapshotter, meters))
  const pageCacheBefore = pageCacheBytes()
  const trial = startTrial({
    name: `${round}.${position}`,
    round,
    host: inputs.host,
    store: ready.store,
    image: ready.image,
    params: ready.params,
    seed: inputs.seed,
    cache: ready.cell.cache,
    cowUnit: ready.driver.meta.cowUnit,
    untimedPhases: untimedPhases(ready.driver),
    injected: shareOf(inputs.injected[ready.cell.configuration]),
    meters,
    stopwatch,
    baseline,
    directory: inputs.directory,
  })
  if (restless !== null) trial.measured.warnings.push(restless)
  const sample: Sample = {
    cell: ready.cell.id,
    round,
    position,
    at,
    state: 'completed',
    reason: null,
    phases: trial.measured.phases,
    io: trial.measured.io,
    resources: trial.measured.resources,
    series: trial.measured.series,
    allocated: null,
    pageCacheBytes: null,
    witness: null,
    took: 0,
    untimed: stopwatch.seconds,
    warnings: trial.measured.warnings,
  }
  let error: unknown = null
  try {
    const observed = await ready.scenario.run(trial)
    sample.pageCacheBytes = pageCacheBytes() - pageCacheBefore
    await trial.quiesce()
    const total = between(
      trial.baseline(),
      await stopwatch.book('count', () => readTotals(snapshotter, meters)),
    )
    sample.allocated = total.allocated
    sample.io['total'] = total.io
    sample.resources['total'] = total.resources
    sample.witness = await stopwatch.book('verify', () => ready.scenario.verify(trial, observed))
    await addCondition(snapshotter, sample)
    await trial.tearDown()
    addSums(trial.measured.phases, ready)
    rmSync(inputs.directory, { recursive: true, force: true })
  } catch (thrown) {
    error = await causeOf(snapshotter, thrown)
    sample.state = 'failed'
    sample.reason = messageOf(error)
    await abandon(trial, sample)
  }
  sample.took = stopwatch.elapsed()
  return { sample, error }
}

/** What a phase is made longer by within itself; flushes are delayed by the scratch. */
function shareOf(injected: Injected | undefined): number {
  return typeof injected === 'number' ? injected : 0
}

/** A control's copy of the whole image stands in for layers: to make it and to delete it is not what is compared. */
function untimedPhases(driver: Driver): ReadonlySet<string> {
  return new Set(driver.meta.role === 'control' ? CONTROL_UNTIMED : [])
}

/** A container that cannot be taken away makes the store unfit, and says so; the run goes on. */
async function abandon(trial: RunningTrial, sample: Sample): Promise<void> {
  try {
    await trial.abandon()
  } catch (error) {
    sample.warnings.push({ code: 'trial.not-removed', message: messageOf(error) })
  }
}

/** A phase that is a sum is the sum of those parts that the cell reports; it exists where all of them do. */
function addSums(values: Record<string, number>, ready: ReadyCell): void {
  const reported = ready.cell.phases
  for (const phase of ready.scenario.meta.phases) {
    if (phase.sum === undefined || !reported.includes(phase.id)) continue
    const parts = phase.sum.filter((part) => reported.includes(part)).map((part) => values[part])
    if (parts.every((part) => part !== undefined))
      values[phase.id] = parts.reduce((sum, part) => sum + part, 0)
  }
}
