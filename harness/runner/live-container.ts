/** One container layer: prepared, mounted, unmounted, made durable. */
import { closeSync, mkdirSync, openSync } from 'node:fs'
import type { Host } from '../contracts/host.ts'
import type { Container } from '../contracts/scenario.ts'
import { attach } from '../contracts/attach.ts'
import type { Mount } from '../contracts/snapshotter.ts'
import type { Stopwatch } from './stopwatch.ts'
import type { OpenStore } from './stores.ts'

export interface LiveInputs {
  host: Host
  store: OpenStore
  stopwatch: Stopwatch
}

export interface LiveContainer extends Container {
  /** Whether it has to be removed. */
  prepared: boolean
  mounted: boolean
}

export interface ContainerPlace {
  key: string
  /** Mount point, which is made here. */
  root: string
  /** Name of the committed layer that it stands on; null: none. */
  parent: string | null
}

/** How the verbs of a container are carried out: timed, or as they are. */
export interface Carried {
  prepare(work: () => Promise<readonly Mount[]>): Promise<readonly Mount[]>
  /** Called when it is prepared. */
  prepared(): Promise<void>
  mount(work: () => Promise<void>): Promise<void>
}

const AS_THEY_ARE: Carried = {
  prepare: (work) => work(),
  prepared: () => Promise.resolve(),
  mount: (work) => work(),
}

export function createLiveContainer(
  { host, store: { snapshotter }, stopwatch }: LiveInputs,
  { key, root, parent }: ContainerPlace,
  carried: Carried = AS_THEY_ARE,
): LiveContainer {
  mkdirSync(root, { recursive: true })
  let mounts: readonly Mount[] = []
  const live: LiveContainer = {
    key,
    root,
    prepared: false,
    mounted: false,
    async prepare() {
      mounts = await carried.prepare(() => snapshotter.prepare(key, parent))
      live.prepared = true
      await carried.prepared()
    },
    async mount() {
      await carried.mount(() => attach({ host, snapshotter }, key, mounts, root))
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

/** Writes back the file system that a path lies on. */
export function syncPath(host: Host, path: string): void {
  const fd = openSync(path, 'r')
  try {
    host.syscalls.syncfs(fd)
  } finally {
    closeSync(fd)
  }
}
