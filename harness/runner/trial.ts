/** One sample: a fresh container layer, the clock, the counters, and the way back to nothing. */
import { rmSync } from 'node:fs'
import type { CacheState } from '../contracts/cell.ts'
import type { CowUnit } from '../contracts/driver.ts'
import type { Host } from '../contracts/host.ts'
import type { Trial } from '../contracts/scenario.ts'
import type { Timer } from '../measurement/clock.ts'
import { runFio } from '../measurement/fio.ts'
import { createPhases } from './phases.ts'
import type { Stopwatch } from './stopwatch.ts'
import type { BuiltImage, OpenStore } from './stores.ts'
import { quiesce, readTotals, type Meters, type Totals } from './totals.ts'
import { createTrialCache } from './trial-cache.ts'
import { createContainers, type Containers } from './trial-containers.ts'
import { createEvidence } from './trial-evidence.ts'
import { createVolumes } from './trial-volumes.ts'
import { createRecorder, type Measured } from './trial-record.ts'

export interface TrialInputs {
  /** Unique in the run: a container that could not be removed must not be in the way of the next. */
  name: string
  round: number
  host: Host
  store: OpenStore
  image: BuiltImage
  params: unknown
  seed: number
  cache: CacheState
  cowUnit: CowUnit
  /** Phases that are carried out but not timed: a control's copy stands in for layers. */
  untimedPhases: ReadonlySet<string>
  /** Share by which each in-process phase is made longer on purpose; 0: none. */
  injected: number
  meters: Meters
  /** Times what the trial does beside its phases. */
  stopwatch: Stopwatch
  /** Read when the store was at rest, before anything was prepared. */
  baseline: Totals
  directory: string
  /** Default: the monotonic clock. */
  timer?: Timer
}

/** A trial that the runner can take apart again. */
export interface RunningTrial extends Trial, Pick<Containers, 'tearDown' | 'abandon'> {
  readonly measured: Measured
  /** Settles the store and waits until its devices are quiet; warns where they are not. */
  quiesce(): Promise<void>
  /** Returns what had been counted when the work began: for a control, once its untimed copy was at rest. */
  baseline(): Totals
}

export function startTrial(inputs: TrialInputs): RunningTrial {
  const { host, store, meters, stopwatch, directory } = inputs
  const { snapshotter } = store
  const { counters } = meters
  const phases = createPhases({ ...inputs, ...meters })
  const { measured, record } = createRecorder(phases)
  let { baseline } = inputs

  async function quiesceTrial(): Promise<void> {
    const warning = await stopwatch.book('rest', () => quiesce(snapshotter, meters))
    if (warning !== null) measured.warnings.push(warning)
  }

  /** The copy of a control is neither measured nor to be felt by what follows, and has no part in the cache's state. */
  async function afterCopy(): Promise<void> {
    await quiesceTrial()
    await dropAgain()
    baseline = await stopwatch.book('count', () => readTotals(snapshotter, meters))
  }

  const containers = createContainers({ ...inputs, clock: phases, afterCopy })
  const { container } = containers
  const volumes = createVolumes({ ...inputs, afterCopy })
  const evidence = createEvidence({ ...inputs, counters, container })
  const { cache, dropAgain } = createTrialCache({
    ...inputs,
    state: inputs.cache,
    counters,
    record,
    container,
    quiesce: quiesceTrial,
  })
  return {
    params: inputs.params,
    seed: inputs.seed,
    round: inputs.round,
    own: inputs.image.own ?? null,
    host,
    engine: snapshotter.runtime ?? null,
    directory,
    container,
    volume: volumes.mount,
    layers: containers.layers,
    fio(jobs, where, phase, joins) {
      const run = () => runFio(host, jobs, where, directory, joins)
      return phase === undefined ? run() : phases.count(phase, run)
    },
    clock: phases,
    record,
    cache,
    evidence,
    measured,
    quiesce: quiesceTrial,
    baseline: () => baseline,
    async tearDown() {
      await volumes.unmountAll()
      await containers.tearDown()
      volumes.removeAll()
    },
    async abandon() {
      await volumes.unmountAll(true)
      await containers.abandon()
      volumes.removeAll()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
