/** The container layers of a trial: prepared and mounted by the scenario, taken apart by the runner. */
import { join } from 'node:path'
import type { Host } from '../contracts/host.ts'
import type { Container, TrialClock, TrialLayers } from '../contracts/scenario.ts'
import { detach, type Attaching } from '../contracts/attach.ts'
import { UmountFlag } from '../contracts/syscalls.ts'
import { createLiveContainer, type LiveContainer } from './live-container.ts'
import type { Stopwatch } from './stopwatch.ts'
import type { BuiltImage, OpenStore } from './stores.ts'
import { createTrialLayers } from './trial-layers.ts'

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
  readonly layers: TrialLayers
  /** Unmounts and removes what the scenario left, timed as `umount`, `remove` and, of layers, `remove-layers`. */
  tearDown(): Promise<void>
  /** After a failure: the same, as far as it goes, untimed. */
  abandon(): Promise<void>
}

export function createContainers(inputs: ContainersInputs): Containers {
  const { host, clock, image, store } = inputs
  const { snapshotter } = store
  const verb = verbOf(inputs)
  const numbered: LiveContainer[] = []
  const all = new Map<string, LiveContainer>()
  const add = (live: LiveContainer) => void all.set(live.key, live)
  const those = (are: (live: LiveContainer) => boolean) => [...all.values()].filter(are)
  const layers = createTrialLayers({
    ...inputs,
    // What is copied untimed stands in for layers.
    stacks: !inputs.untimedPhases.has('prepare'),
    add,
    find: ({ key }) => all.get(key) as LiveContainer,
  })
  return {
    layers,
    container(index = 0) {
      const known = numbered[index]
      if (known !== undefined) return known
      const live = createNumbered(inputs, index, image.name, verb)
      numbered[index] = live
      add(live)
      return live
    },
    async tearDown() {
      for (const live of those(({ mounted }) => mounted)) {
        await clock.timeAsync('umount', () => detach({ host, snapshotter }, live.key, live.root))
        live.mounted = false
      }
      for (const live of those(({ prepared }) => prepared)) {
        await verb('remove', () => snapshotter.remove(live.key))
        live.prepared = false
      }
      if (layers.made.length > 0) await clock.timeAsync('remove-layers', () => layers.removeAll())
    },
    async abandon() {
      for (const live of all.values()) {
        if (live.mounted) await unmountAnyhow({ host, snapshotter }, live)
        if (live.prepared) await snapshotter.remove(live.key)
      }
      await layers.removeAll()
    },
  }
}

type Verb = <T>(phase: string, work: () => Promise<T>) => Promise<T>

/** A verb is a phase; of a control, some are carried out untimed. */
function verbOf({ untimedPhases, clock, stopwatch }: ContainersInputs): Verb {
  return (phase, work) =>
    untimedPhases.has(phase) ? stopwatch.book('copy', work) : clock.timeAsync(phase, work)
}

/** Returns a container on the image, whose verbs are phases. */
function createNumbered(inputs: ContainersInputs, index: number, parent: string, verb: Verb): LiveContainer {
  const key = `container-${inputs.name}.${index}`
  const root = join(inputs.store.directory, String(index))
  return createLiveContainer(
    inputs,
    { key, root, parent },
    {
      prepare: (work) => verb('prepare', work),
      async prepared() {
        if (inputs.untimedPhases.has('prepare')) await inputs.afterCopy()
      },
      mount: (work) => inputs.clock.timeAsync('mount', work),
    },
  )
}

/** Unmounts as a trial that ended well does, which waits for a FUSE daemon to let go of the store; by force where it is busy. */
async function unmountAnyhow(
  { host, snapshotter }: Attaching & { host: Host },
  { key, root }: LiveContainer,
): Promise<void> {
  try {
    await detach({ host, snapshotter }, key, root)
  } catch {
    host.syscalls.umount(root, UmountFlag.detach)
  }
}
