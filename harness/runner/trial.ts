/** One sample: a fresh container layer, the clock, the counters, and the way back to nothing. */
import { closeSync, mkdirSync, openSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { CacheState } from '../contracts/cell.ts'
import type { Container, Trial } from '../contracts/scenario.ts'
import type { CowUnit } from '../contracts/driver.ts'
import type { Host } from '../contracts/host.ts'
import type { IoCounters, Resources } from '../contracts/sample.ts'
import type { Warning } from '../contracts/warning.ts'
import { UmountFlag } from '../contracts/syscalls.ts'
import { difference } from '../measurement/counters.ts'
import { runFio } from '../measurement/fio.ts'
import { sharedRanges } from '../measurement/shared-ranges.ts'
import { hashFile } from '../measurement/tree-hash.ts'
import { median } from '../statistics/quantile.ts'
import { createPhases } from './phases.ts'
import type { Stopwatch } from './stopwatch.ts'
import { throughView, type BuiltImage, type OpenStore } from './stores.ts'
import { comeToRest, readTotals, type Gauges, type Totals } from './totals.ts'
import { createTrialCache } from './trial-cache.ts'

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
  untimed: ReadonlySet<string>
  /** Share by which each in-process phase is made longer on purpose; 0: none. */
  injected: number
  gauges: Gauges
  /** Of the trial: what it does beside its phases is booked there. */
  stopwatch: Stopwatch
  /** Read when the store was at rest, before anything was prepared. */
  baseline: Totals
  directory: string
}

/** A trial that the runner can take apart again. */
export interface RunningTrial extends Trial {
  readonly values: Record<string, number>
  readonly ioByPhase: Record<string, IoCounters>
  readonly resourcesByPhase: Record<string, Resources>
  readonly series: Record<string, number[]>
  readonly warnings: Warning[]
  /** Settles the store and waits until its devices are quiet; warns where they are not. */
  rest(): Promise<void>
  /** What had been counted when the work began: for a control, once its untimed copy was at rest. */
  baseline(): Totals
  /** Unmounts and removes what the scenario left, timed as `umount` and `remove`. */
  tearDown(): Promise<void>
  /** After a failure: the same, as far as it goes, untimed. */
  abandon(): Promise<void>
}

interface LiveContainer extends Container {
  prepared: boolean
  mounted: boolean
}

export function startTrial(inputs: TrialInputs): RunningTrial {
  const { host, store, image, gauges, stopwatch } = inputs
  const { snapshotter } = store
  const containers: LiveContainer[] = []
  const series: Record<string, number[]> = {}
  const warnings: Warning[] = []
  const phases = createPhases({ ...gauges, injected: inputs.injected })
  const { values, time, timeAsync } = phases
  const begin = gauges.counters.read()
  let { baseline } = inputs

  async function rest(): Promise<void> {
    const warning = await stopwatch.book('rest', () => comeToRest(snapshotter, gauges))
    if (warning !== null) warnings.push(warning)
  }

  const cache = createTrialCache({ ...inputs, counters: gauges.counters, rest, warnings })

  /** A verb that is a phase, or that a control carries out untimed. */
  function verb<T>(phase: string, work: () => Promise<T>): Promise<T> {
    return inputs.untimed.has(phase) ? stopwatch.book('copy', work) : timeAsync(phase, work)
  }

  /** The copy of a control is neither measured nor to be felt by what follows, and has no part in the cache's state. */
  async function restAfterCopy(): Promise<void> {
    await rest()
    await cache.dropAgain()
    baseline = await stopwatch.book('count', () => readTotals(snapshotter, gauges))
  }

  function container(index = 0): LiveContainer {
    const known = containers[index]
    if (known !== undefined) return known
    const key = `container-${inputs.name}.${index}`
    const root = join(store.directory, String(index))
    mkdirSync(root, { recursive: true })
    let mounts: Awaited<ReturnType<typeof snapshotter.prepare>> = []
    const live: LiveContainer = {
      key,
      root,
      prepared: false,
      mounted: false,
      async prepare() {
        mounts = await verb('prepare', () => snapshotter.prepare(key, image.name))
        live.prepared = true
        if (inputs.untimed.has('prepare')) await restAfterCopy()
      },
      async mount() {
        await timeAsync('mount', () => host.mount(mounts, root))
        live.mounted = true
      },
      provenance: (path) => stopwatch.book('provenance', () => snapshotter.provenance(key, path)),
      sync() {
        syncPath(host, root)
        const behindFuse = mounts.some((mount) => mount.type.startsWith('fuse.'))
        if (behindFuse && snapshotter.store.path !== null) syncPath(host, snapshotter.store.path)
      },
    }
    containers[index] = live
    return live
  }

  return {
    params: inputs.params,
    seed: inputs.seed,
    cache: inputs.cache,
    round: inputs.round,
    host,
    cowUnit: inputs.cowUnit,
    compresses: snapshotter.store.compresses ?? false,
    manifest: image.manifest,
    directory: inputs.directory,
    values,
    ioByPhase: phases.io,
    resourcesByPhase: phases.resources,
    series,
    warnings,
    container,
    time,
    timeAsync,
    record(phase, value) {
      values[phase] = value
    },
    recordTime(phase, seconds) {
      values[phase] = seconds + phases.delay(seconds)
    },
    recordSeries(phase, measured) {
      const middle = median(measured)
      if (middle !== null) values[phase] = middle
      series[phase] = [...measured]
    },
    setCache: (target, paths) => stopwatch.book('cache', () => cache.set(target, paths)),
    requireColdRead: (paths) => cache.requireRead(container(), paths),
    warn(code, message) {
      warnings.push({ code, message })
    },
    fio: (jobs, directory) => runFio(host, jobs, directory, inputs.directory),
    bytesWritten: () => difference(gauges.counters.read(), begin).bytesWritten,
    allocated: async () => (await snapshotter.allocated()).bytes - inputs.baseline.allocated.bytes,
    hash: (path) => Promise.resolve(hashFile(join(container().root, path))),
    lowerHash: (path) => throughView(host, store, image.name, (root) => hashFile(join(root, path))),
    inImage: (look) => throughView(host, store, image.name, look),
    sharedWithImage: (path, imageRoot) =>
      sharedRanges(host.syscalls, snapshotter.store.devices, [
        join(container().root, path),
        join(imageRoot, path),
      ]),
    rest,
    baseline: () => baseline,
    async tearDown() {
      for (const live of containers) {
        await timeAsync('umount', () => host.unmount(live.root))
        live.mounted = false
      }
      for (const live of containers) {
        await verb('remove', () => snapshotter.remove(live.key))
        live.prepared = false
      }
    },
    async abandon() {
      for (const live of containers) {
        if (live.mounted) await unmountAnyhow(host, live.root)
        if (live.prepared) await snapshotter.remove(live.key)
      }
      rmSync(inputs.directory, { recursive: true, force: true })
    },
  }
}

/** As a container is taken apart, which waits for a FUSE daemon to let go of the store; by force where it is busy. */
async function unmountAnyhow(host: Host, root: string): Promise<void> {
  try {
    await host.unmount(root)
  } catch {
    host.syscalls.umount(root, UmountFlag.detach)
  }
}

function syncPath(host: Host, path: string): void {
  const fd = openSync(path, 'r')
  try {
    host.syscalls.syncfs(fd)
  } finally {
    closeSync(fd)
  }
}
