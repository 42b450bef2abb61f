/** Sets and verifies the cache state of a trial before the work, or derives it from what the work read. */
import { join } from 'node:path'
import type { Host } from '../contracts/host.ts'
import type { CacheState } from '../contracts/cell.ts'
import { BenchError, ExitCode } from '../contracts/error.ts'
import type { Container, HeldFiles, TrialCache, TrialRecord } from '../contracts/scenario.ts'
import { cacheWrong, establish, forgetAll } from '../measurement/cache.ts'
import { difference, type DeviceCounters } from '../measurement/counters.ts'
import { countHeld } from '../measurement/held.ts'
import type { HiddenCache } from '../measurement/hidden-cache.ts'
import { cachedBackingFiles } from '../measurement/loop-files.ts'
import { readThrough } from '../measurement/read-through.ts'
import { cachedBytes, type CachedFile } from '../measurement/residency.ts'
import type { Stopwatch } from './stopwatch.ts'
import { throughView, type BuiltImage, type OpenStore } from './stores.ts'

/** Least share of the cached bytes that must have been read: a compressed store or layer shrinks a program to a third. */
const LEAST_READ = 0.25

export interface TrialCacheInputs {
  host: Host
  store: OpenStore
  image: BuiltImage
  state: CacheState
  counters: DeviceCounters
  record: TrialRecord
  stopwatch: Stopwatch
  /** Settles the store and waits until its devices are quiet. */
  quiesce(): Promise<void>
  /** Returns the first container. */
  container(): Container
}

export interface DroppableCache {
  readonly cache: TrialCache
  /** Makes a cold cell cold again: after an untimed copy of the image, which is not to count as read by the work. */
  dropAgain(): Promise<void>
}

export function createTrialCache(inputs: TrialCacheInputs): DroppableCache {
  const { host, store, counters, state, record, stopwatch } = inputs
  const { snapshotter } = store
  const hidden = hiddenCache(inputs)
  let since = counters.read()

  /** The scratch itself may be a file in somebody's page cache, and the driver knows what else lies in between. */
  function allOf({ key, root }: Container, paths: readonly string[]): CachedFile[] {
    const beneathStore = once(() => cachedBackingFiles(store.delayed?.devices ?? snapshotter.store.devices))
    const beneathContainer = once(async () => snapshotter.backingCacheFiles?.(key))
    return paths.map((path) => ({
      path: join(root, path),
      beneath: once(async () => [...((await beneathContainer())?.(path) ?? []), ...beneathStore()]),
    }))
  }

  const notVerified = (message: string) => record.warning('cache.not-verified', message)

  async function set(container: Container, paths: readonly string[] | null): Promise<void> {
    const files = allOf(container, paths ?? [])
    // Found before the caches are dropped: to look for them would bring directories back.
    if (state === 'cold') for (const file of files) await file.beneath()
    const settle = inputs.quiesce
    const unknown = await establish({ syscalls: host.syscalls, state, files, settle, hidden })
    if (unknown !== null) notVerified(unknown)
    if (paths === null && state === 'warm') await readImage(host, store, inputs.image)
    since = counters.read()
  }

  async function requireColdRead(paths: readonly string[]): Promise<void> {
    const { bytesRead } = difference(counters.read(), since)
    let cached = 0
    for (const file of allOf(inputs.container(), paths)) {
      const bytes = await cachedBytes(host.syscalls, file)
      if (bytes === null) notVerified(`${file.path} cannot be looked at`)
      else cached += bytes
    }
    if (bytesRead > 0 && bytesRead >= LEAST_READ * cached) return
    const what = paths.length === 0 ? '' : `, and ${cached} bytes of ${paths.join(', ')} are cached now`
    throw cacheWrong(state, `the work made the device read ${bytesRead} bytes${what}`)
  }

  /** The page cache of the scratch itself is not the driver's, so only what the driver knows of counts as beneath. */
  async function held(containers: readonly HeldFiles[]): Promise<number[]> {
    if (hidden !== undefined) throw notCounted()
    const groups = containers.map(({ container, files }) => {
      const find = once(async () => snapshotter.backingCacheFiles?.(container.key))
      return [...files].map(([path, fd]) => ({
        fd,
        path: join(container.root, path),
        beneath: once(async () => (await find())?.(path) ?? []),
      }))
    })
    return countHeld(host.syscalls, groups)
  }

  return {
    cache: {
      state,
      held: (containers) => stopwatch.book('cache', () => held(containers)),
      set: (container, paths) => stopwatch.book('cache', () => set(container, paths)),
      async requireColdRead(paths) {
        if (state === 'cold') await requireColdRead(paths)
      },
    },
    async dropAgain() {
      if (state === 'cold') await forgetAll(hidden)
      since = counters.read()
    },
  }
}

function notCounted(): BenchError {
  return new BenchError(
    'the store keeps a cache of its own outside the page cache, which cannot be counted by file',
    {
      code: 'cache.not-counted',
      hint: 'leave this driver out of the scenario: --driver',
      exitCode: ExitCode.cellFailed,
    },
  )
}

/** Returns a function that calls `find` at most once. */
function once<T>(find: () => T): () => T {
  let found: { value: T } | undefined
  return () => (found ??= { value: find() }).value
}

function hiddenCache({ store, counters }: TrialCacheInputs): HiddenCache | undefined {
  const forget = store.snapshotter.forget?.bind(store.snapshotter)
  return forget === undefined ? undefined : { forget, bytesRead: () => counters.read().bytesRead }
}

/** Warm, before there is a container: another container of the same image has just been read. */
async function readImage(host: Host, store: OpenStore, image: BuiltImage): Promise<void> {
  await throughView(host, store, image.name, (root) => {
    for (const entry of image.manifest.values())
      if (entry.type === 'file') readThrough(join(root, entry.path))
  })
}
