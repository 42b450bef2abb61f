/** One sample of a cell: from rest, over the work and its proof, back to nothing. */
import { mkdirSync, rmSync } from 'node:fs'
import { CONTROL_UNTIMED, type Driver } from '../contracts/driver.ts'
import { messageOf } from '../contracts/error.ts'
import type { Host } from '../contracts/host.ts'
import type { Injected } from '../contracts/options.ts'
import type { Sample } from '../contracts/sample.ts'
import type { Witness } from '../contracts/witness.ts'
import { readMemory } from '../linux/memory.ts'
import type { Timer } from '../measurement/clock.ts'
import { causeOf, conditionOf } from './condition.ts'
import type { ReadyCell } from './ready-cell.ts'
import { startStopwatch, type Stopwatch } from './stopwatch.ts'
import { between, quiesce, readTotals, type Meters } from './totals.ts'
import { startTrial, type RunningTrial } from './trial.ts'
import type { Measured } from './trial-record.ts'

/** Inputs that all samples of a run share. */
export interface SampleInputs {
  host: Host
  seed: number
  /** The delay that a driver configuration is given on purpose. */
  injected: Readonly<Record<string, Injected>>
  /** An empty folder for bundles and job files, recreated for each trial. */
  directory: string
  timer?: Timer
}

/** `error`: what a failed sample failed by. */
export interface Taken {
  sample: Sample
  error: unknown
}

/** A sample that is being taken. */
interface Taking {
  readonly ready: ReadyCell
  /** Position in the run. */
  readonly place: Pick<Sample, 'cell' | 'round' | 'position' | 'at'>
  readonly meters: Meters
  readonly stopwatch: Stopwatch
  readonly measured: Measured
}

/** A sample whose trial has begun. */
interface Trying extends Taking {
  readonly trial: RunningTrial
}

/** Facts about the work besides the trial's measurements; null where the work did not get that far. */
interface Findings {
  total: ReturnType<typeof between> | null
  pageCacheBytes: number | null
  witness: Witness | null
}

/** Takes a sample. Whatever is thrown, by a store that does not come to rest before, the work or its proof, makes it a failed one. */
export async function takeSample(
  inputs: SampleInputs,
  ready: ReadyCell,
  meters: Meters,
  round: number,
  position: number,
): Promise<Taken> {
  const place = { cell: ready.cell.id, round, position, at: new Date().toISOString() }
  rmSync(inputs.directory, { recursive: true, force: true })
  mkdirSync(inputs.directory, { recursive: true })
  const stopwatch = startStopwatch()
  const taking = { ready, place, meters, stopwatch }
  const found: Findings = { total: null, pageCacheBytes: null, witness: null }
  let trying: Trying | null = null
  try {
    const trial = await beginTrial(inputs, taking)
    trying = { ...taking, trial, measured: trial.measured }
    await workAndProve(trying, found)
    await trial.tearDown()
    rmSync(inputs.directory, { recursive: true, force: true })
    return { sample: completed(trying, found), error: null }
  } catch (thrown) {
    const error = await causeOf(ready.store.snapshotter, thrown)
    if (trying !== null) await abandon(trying.trial)
    const taken: Taking = trying ?? { ...taking, measured: nothingMeasured() }
    return { sample: failed(taken, found, messageOf(error)), error }
  }
}

function nothingMeasured(): Measured {
  return { phases: {}, io: {}, resources: {}, series: {}, warnings: [] }
}

/** Brings the store to rest, reads what it has counted, and starts the trial. */
async function beginTrial(
  { host, seed, injected, directory, timer }: SampleInputs,
  { ready, place, meters, stopwatch }: Omit<Taking, 'measured'>,
): Promise<RunningTrial> {
  const { driver, store } = ready
  const restless = await stopwatch.book('rest', () => quiesce(store.snapshotter, meters))
  const baseline = await stopwatch.book('count', () => readTotals(store.snapshotter, meters))
  const trial = startTrial({
    name: `${place.round}.${place.position}`,
    round: place.round,
    host,
    store,
    image: ready.image,
    params: ready.params,
    seed,
    cache: ready.cell.cache,
    cowUnit: driver.meta.cowUnit,
    untimedPhases: untimedPhases(driver),
    injected: shareOf(injected[ready.cell.configuration]),
    meters,
    stopwatch,
    baseline,
    directory,
    ...(timer === undefined ? {} : { timer }),
  })
  if (restless !== null) trial.measured.warnings.push(restless)
  return trial
}

/** Does the work, brings the store to rest, and proves the work. Keeps in `found` what is known, step by step. */
async function workAndProve(taking: Trying, found: Findings): Promise<void> {
  const { ready, meters, stopwatch, trial } = taking
  const { snapshotter } = ready.store
  const pageCacheBefore = readMemory('Cached')
  const observed = await ready.scenario.run(trial)
  found.pageCacheBytes = readMemory('Cached') - pageCacheBefore
  await trial.quiesce()
  const after = await stopwatch.book('count', () => readTotals(snapshotter, meters))
  found.total = between(trial.baseline(), after)
  const witness = await stopwatch.book('verify', () => ready.scenario.verify(trial, observed))
  found.witness = witness
  const { details, warnings } = await conditionOf(snapshotter)
  trial.measured.warnings.push(...warnings)
  found.witness = details === null ? witness : { ...witness, details: { ...witness.details, ...details } }
}

function completed(taking: Taking, found: Findings): Sample {
  const sample = sampleOf(taking, found, { state: 'completed', reason: null })
  return { ...sample, phases: withSums(sample.phases, taking.ready) }
}

function failed(taking: Taking, found: Findings, reason: string): Sample {
  return sampleOf(taking, found, { state: 'failed', reason })
}

function sampleOf(
  { place, meters, stopwatch, measured }: Taking,
  { total, pageCacheBytes: grown, witness }: Findings,
  end: Pick<Sample, 'state' | 'reason'>,
): Sample {
  const { phases, io, resources, series, warnings } = measured
  const { uncounted } = meters.counters
  return {
    ...place,
    ...end,
    phases,
    io: total === null ? io : { ...io, total: total.io },
    ...(Object.keys(uncounted).length === 0 ? {} : { uncounted }),
    resources: total === null ? resources : { ...resources, total: total.resources },
    series,
    allocated: total?.allocated ?? null,
    pageCacheBytes: grown,
    witness,
    took: stopwatch.elapsed(),
    untimed: stopwatch.seconds,
    warnings,
  }
}

/** Returns the share by which a phase is made longer within itself; flushes are delayed by the scratch. */
function shareOf(injected: Injected | undefined): number {
  return typeof injected === 'number' ? injected : 0
}

/** A control's copy of the whole image stands in for layers: to make it and to delete it is not what is compared. */
function untimedPhases(driver: Driver): ReadonlySet<string> {
  return new Set(driver.meta.role === 'control' ? CONTROL_UNTIMED : [])
}

/** Adds a warning for a container that cannot be removed: the store is then unfit, but the run goes on. */
async function abandon(trial: RunningTrial): Promise<void> {
  try {
    await trial.abandon()
  } catch (error) {
    trial.record.warning('trial.not-removed', messageOf(error))
  }
}

/** Adds each phase that is a sum: of those parts that the cell reports, and only where all of them were measured. */
function withSums(measured: Sample['phases'], { cell, scenario }: ReadyCell): Sample['phases'] {
  const phases = { ...measured }
  for (const { id, sum } of scenario.meta.phases) {
    if (sum === undefined || !cell.phases.includes(id)) continue
    const parts = sum.filter((part) => cell.phases.includes(part)).map((part) => phases[part])
    if (parts.every((part) => part !== undefined)) phases[id] = parts.reduce((total, part) => total + part, 0)
  }
  return phases
}
