/** The container layers of a trial: prepared and mounted by the scenario, taken apart by the runner. */
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import type { Host } from '../contracts/host.ts'
import type { Container, TrialClock } from '../contracts/scenario.ts'
import type { Mount } from '../contracts/snapshotter.ts'
import { UmountFlag } from '../contracts/syscalls.ts'
import type { Stopwatch } from './stopwatch.ts'
import type { BuiltImage, OpenStore } from './stores.ts'

export interface ContainersInputs {
  /** Unique in the run: a container that could not be removed must not be in the way of the next. */
  name: string
  host: Host
  store: OpenStore
  image: BuiltImage
  /** Phases that are carried out but not timed: a control's copy stands in for layers. */
  untimedPhases: ReadonlySet<string>
  clock: TrialClock
  stopwatch: Stopwatch
  /** Called after an untimed prepare. */
  afterCopy(): Promise<void>
}

export interface Containers {
  /** Returns the container layer of this number, which is made when it is first asked for. Default: the first. */
  container(index?: number): Container
  /** Unmounts and removes what the scenario left, timed as `umount` and `remove`. */
  tearDown(): Promise<void>
  /** After a failure: the same, as far as it goes, untimed. */
  abandon(): Promise<void>
}

interface LiveContainer extends Container {
  prepared: boolean
  mounted: boolean
}

export function createContainers(inputs: ContainersInputs): Containers {
  const { host, clock, store } = inputs
  const { snapshotter } = store
  const verb = verbOf(inputs)
  const all: LiveContainer[] = []
  return {
    container(index = 0) {
      const live = all[index] ?? createContainer(inputs, index, verb)
      all[index] = live
      return live
    },
    async tearDown() {
      for (const live of all) {
        await clock.timeAsync('umount', () => host.unmount(live.root))
        live.mounted = false
      }
      for (const live of all) {
        await verb('remove', () => snapshotter.remove(live.key))
        live.prepared = false
      }
    },
    async abandon() {
      for (const live of all) {
        if (live.mounted) await unmountAnyhow(host, live.root)
        if (live.prepared) await snapshotter.remove(live.key)
      }
    },
  }
}

type Verb = <T>(phase: string, work: () => Promise<T>) => Promise<T>

/** A verb is a phase; of a control, some are carried out untimed. */
function verbOf({ untimedPhases, clock, stopwatch }: ContainersInputs): Verb {
  return (phase, work) =>
    untimedPhases.has(phase) ? stopwatch.book('copy', work) : clock.timeAsync(phase, work)
}

function createContainer(inputs: ContainersInputs, index: number, verb: Verb): LiveContainer {
  const { host, store, image, clock, stopwatch } = inputs
  const { snapshotter } = store
  const key = `container-${inputs.name}.${index}`
  const root = join(store.directory, String(index))
  mkdirSync(root, { recursive: true })
  let mounts: readonly Mount[] = []
  const live: LiveContainer = {
    key,
    root,
    prepared: false,
    mounted: false,
    async prepare() {
      mounts = await verb('prepare', () => snapshotter.prepare(key, image.name))
      live.prepared = true
      if (inputs.untimedPhases.has('prepare')) await inputs.afterCopy()
    },
    async mount() {
      await clock.timeAsync('mount', () => host.mount(mounts, root))
      live.mounted = true
    },
    provenance: (path) => stopwatch.book('provenance', () => snapshotter.provenance(key, path)),
    sync() {
      syncPath(host, root)
      const behindFuse = mounts.some((mount) => mount.type.startsWith('fuse.'))
      if (behindFuse && snapshotter.store.path !== null) syncPath(host, snapshotter.store.path)
    },
  }
  return live
}

/** Unmounts as a trial that ended well does, which waits for a FUSE daemon to let go of the store; by force where it is busy. */
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
