/** Rounds of trials: every round visits every cell in a fresh random order; each sample is durable before the next. */
import { mkdirSync, rmSync } from 'node:fs'
import { CONTROL_UNTIMED, type Driver } from '../contracts/driver.ts'
import { messageOf } from '../contracts/error.ts'
import type { Host } from '../contracts/host.ts'
import type { Cell, Outcome, Sample } from '../contracts/run.ts'
import type { Scenario, Witness } from '../contracts/scenario.ts'
import {
  difference,
  openDeviceCounters,
  pageCacheBytes,
  type DeviceCounters,
} from '../measurement/counters.ts'
import type { Usage } from '../contracts/snapshotter.ts'
import type { BuiltImage, OpenStore } from './stores.ts'
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
  rounds: number
  seed: number
  /** Monotonic seconds at which no further round begins; null: none. */
  deadline: number | null
  /** An empty folder for bundles and job files, made anew for each trial. */
  directory: string
  order(cells: readonly ReadyCell[], round: number): ReadyCell[]
  append(sample: Sample): void
  onTrial(cell: Cell, round: number, done: number, total: number): void
  onOutcome(cell: Cell, outcome: Outcome): void
  stopping(): boolean
}

/** Measures all rounds. Returns false when it was stopped before the last. */
export async function runRounds(inputs: RoundsInputs): Promise<boolean> {
  const failures = new Map<string, number>()
  const counters = openAllCounters(inputs.cells)
  const total = inputs.cells.length * inputs.rounds
  let done = 0
  try {
    for (let round = 0; round < inputs.rounds; round += 1) {
      if (inputs.deadline !== null && round > 0 && monotonicSeconds() >= inputs.deadline) break
      for (const [position, ready] of inputs.order(inputs.cells, round).entries()) {
        // Messages wait for a turn of the event loop, which synchronous work and settled promises never give.
        await new Promise((next) => setImmediate(next))
        if (inputs.stopping()) return false
        done += 1
        if ((failures.get(ready.cell.id) ?? 0) >= FAILURES_TO_GIVE_UP) continue
        inputs.onTrial(ready.cell, round, done, total)
        const sample = await takeSample(inputs, ready, counters, round, position)
        inputs.append(sample)
        if (sample.state === 'failed') {
          failures.set(ready.cell.id, (failures.get(ready.cell.id) ?? 0) + 1)
          inputs.onOutcome(ready.cell, failedOutcome(sample))
        }
      }
    }
    for (const { cell } of inputs.cells) {
      if (!failures.has(cell.id)) inputs.onOutcome(cell, { state: 'completed' })
    }
    return true
  } finally {
    for (const one of counters.values()) one.close()
  }
}

export function monotonicSeconds(): number {
  return Number(process.hrtime.bigint()) / 1e9
}

function openAllCounters(cells: readonly ReadyCell[]): Map<OpenStore, DeviceCounters> {
  const counters = new Map<OpenStore, DeviceCounters>()
  for (const { store } of cells) {
    if (!counters.has(store)) counters.set(store, openDeviceCounters(store.snapshotter.store.devices))
  }
  return counters
}

function failedOutcome(sample: Sample): Outcome {
  return {
    state: 'failed',
    code: 'trial.failed',
    reason: sample.reason ?? 'no reason was given',
    hint: `see round ${sample.round} in samples.ndjson`,
  }
}

async function takeSample(
  inputs: RoundsInputs,
  ready: ReadyCell,
  allCounters: ReadonlyMap<OpenStore, DeviceCounters>,
  round: number,
  position: number,
): Promise<Sample> {
  const { snapshotter } = ready.store
  const counters = allCounters.get(ready.store) as DeviceCounters
  const at = new Date().toISOString()
  rmSync(inputs.directory, { recursive: true, force: true })
  mkdirSync(inputs.directory, { recursive: true })
  await snapshotter.settle()
  const baseline = { io: counters.read(), allocated: await snapshotter.allocated() }
  const pageCacheBefore = pageCacheBytes()
  const trial = startTrial({
    name: `${round}.${position}`,
    host: inputs.host,
    store: ready.store,
    image: ready.image,
    params: ready.params,
    seed: inputs.seed,
    cache: ready.cell.cache,
    cowUnit: ready.driver.meta.cowUnit,
    untimed: untimedPhases(ready.driver),
    counters,
    baseline,
    directory: inputs.directory,
  })
  const sample: Sample = {
    cell: ready.cell.id,
    round,
    position,
    at,
    state: 'completed',
    reason: null,
    phases: trial.values,
    io: trial.ioByPhase,
    allocated: null,
    pageCacheBytes: null,
    witness: null,
    warnings: trial.warnings,
  }
  try {
    await ready.scenario.run(trial)
    sample.pageCacheBytes = pageCacheBytes() - pageCacheBefore
    await snapshotter.settle()
    const { io, allocated } = trial.baseline()
    sample.allocated = growth(await snapshotter.allocated(), allocated)
    sample.io['total'] = difference(counters.read(), io)
    sample.witness = (await ready.scenario.verify(trial)) satisfies Witness
    await trial.tearDown()
    addSums(trial.values, ready)
    rmSync(inputs.directory, { recursive: true, force: true })
  } catch (error) {
    sample.state = 'failed'
    sample.reason = messageOf(error)
    await abandon(trial, sample)
  }
  return sample
}

function growth(after: Usage, before: Usage): Usage {
  const known = after.inodes !== null && before.inodes !== null
  return {
    bytes: after.bytes - before.bytes,
    inodes: known ? Number(after.inodes) - Number(before.inodes) : null,
  }
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
