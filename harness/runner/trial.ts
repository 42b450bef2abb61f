/** One sample: a fresh container layer, the clock, the counters, and the way back to nothing. */
import { closeSync, mkdirSync, openSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { CacheState, Container, Trial } from '../contracts/scenario.ts'
import type { CowUnit } from '../contracts/driver.ts'
import type { Host } from '../contracts/host.ts'
import type { IoCounters, Warning } from '../contracts/run.ts'
import type { Usage } from '../contracts/snapshotter.ts'
import { UmountFlag } from '../contracts/syscalls.ts'
import { dropCaches, establish, readThrough } from '../measurement/cache.ts'
import { add, difference, type DeviceCounters } from '../measurement/counters.ts'
import { runFio } from '../measurement/fio.ts'
import { hashFile } from '../measurement/tree-hash.ts'
import { throughView, type BuiltImage, type OpenStore } from './stores.ts'

const NANOSECONDS = 1e9

export interface TrialInputs {
  /** Unique in the run: a container that could not be removed must not be in the way of the next. */
  name: string
  host: Host
  store: OpenStore
  image: BuiltImage
  params: unknown
  seed: number
  cache: CacheState
  cowUnit: CowUnit
  /** Phases that are carried out but not timed: a control's copy stands in for layers. */
  untimed: ReadonlySet<string>
  counters: DeviceCounters
  /** Read when the store was at rest, before anything was prepared. */
  baseline: Baseline
  directory: string
}

/** From where on the device's counters and the store's space count for a sample. */
export interface Baseline {
  io: IoCounters
  allocated: Usage
}

/** A trial that the runner can take apart again. */
export interface RunningTrial extends Trial {
  readonly values: Record<string, number>
  readonly ioByPhase: Record<string, IoCounters>
  readonly warnings: Warning[]
  /** What the store held and had counted when the work began: for a control, once its untimed copy was at rest. */
  baseline(): Baseline
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
  const { host, store, image, counters } = inputs
  const { snapshotter } = store
  const containers: LiveContainer[] = []
  const values: Record<string, number> = {}
  const ioByPhase: Record<string, IoCounters> = {}
  const warnings: Warning[] = []
  const begin = counters.read()
  let { baseline } = inputs

  function book(phase: string, started: bigint, ended: bigint, before: IoCounters): void {
    if (inputs.untimed.has(phase)) return
    const io = difference(counters.read(), before)
    values[phase] = (values[phase] ?? 0) + Number(ended - started) / NANOSECONDS
    const sum = ioByPhase[phase]
    ioByPhase[phase] = sum === undefined ? io : add(sum, io)
  }

  function time<T>(phase: string, work: () => T): T {
    const before = counters.read()
    const started = process.hrtime.bigint()
    const result = work()
    const ended = process.hrtime.bigint()
    book(phase, started, ended, before)
    return result
  }

  async function timeAsync<T>(phase: string, work: () => Promise<T>): Promise<T> {
    const before = counters.read()
    const started = process.hrtime.bigint()
    const result = await work()
    const ended = process.hrtime.bigint()
    book(phase, started, ended, before)
    return result
  }

  /** The copy of a control is neither measured nor to be felt by what follows, and has no part in the cache's state. */
  async function restAfterCopy(): Promise<void> {
    await snapshotter.settle()
    if (inputs.cache === 'cold') dropCaches()
    baseline = { io: counters.read(), allocated: await snapshotter.allocated() }
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
        mounts = await timeAsync('prepare', () => snapshotter.prepare(key, image.name))
        live.prepared = true
        if (inputs.untimed.has('prepare')) await restAfterCopy()
      },
      async mount() {
        await timeAsync('mount', () => host.mount(mounts, root))
        live.mounted = true
      },
      provenance: (path) => snapshotter.provenance(key, path),
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
    host,
    cowUnit: inputs.cowUnit,
    manifest: image.manifest,
    directory: inputs.directory,
    values,
    ioByPhase,
    warnings,
    container,
    time,
    timeAsync,
    record(phase, value) {
      values[phase] = value
    },
    async setCache(target, paths) {
      await snapshotter.settle()
      if (inputs.cache === 'cold') dropCaches()
      if (paths === null) {
        if (inputs.cache === 'warm') await readImage(host, store, image)
        return
      }
      const wrong = establish(
        host.syscalls,
        inputs.cache,
        paths.map((path) => join(target.root, path)),
      )
      if (wrong !== null) warnings.push({ code: 'cache.not-verified', message: wrong })
    },
    warn(code, message) {
      warnings.push({ code, message })
    },
    fio: (jobs, directory) => runFio(host, jobs, directory, inputs.directory),
    bytesWritten: () => difference(counters.read(), begin).bytesWritten,
    hash: (path) => Promise.resolve(hashFile(join(container().root, path))),
    lowerHash: (path) => throughView(host, store, image.name, (root) => hashFile(join(root, path))),
    baseline: () => baseline,
    async tearDown() {
      for (const live of containers) {
        await timeAsync('umount', () => host.unmount(live.root))
        live.mounted = false
      }
      for (const live of containers) {
        await timeAsync('remove', () => snapshotter.remove(live.key))
        live.prepared = false
      }
    },
    async abandon() {
      for (const live of containers) {
        if (live.mounted) host.syscalls.umount(live.root, UmountFlag.detach)
        if (live.prepared) await snapshotter.remove(live.key)
      }
      rmSync(inputs.directory, { recursive: true, force: true })
    },
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

/** Warm, before there is a container: another container of the same image has just been read. */
async function readImage(host: Host, store: OpenStore, image: BuiltImage): Promise<void> {
  await throughView(host, store, image.name, (root) => {
    for (const entry of image.manifest.values())
      if (entry.type === 'file') readThrough(join(root, entry.path))
  })
}
