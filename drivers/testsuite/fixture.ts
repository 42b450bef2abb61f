/** Tools of a check: an open store, and containers that are removed when the check is over. */
import { mkdirSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Driver, DriverConfig, DriverMeta } from '../../harness/contracts/driver.ts'
import type { Host } from '../../harness/contracts/host.ts'
import { attach, detach } from '../../harness/contracts/attach.ts'
import type { Mount, Snapshotter } from '../../harness/contracts/snapshotter.ts'
import { testHost } from '../../harness/testing/scratch-file.ts'
import { imageLayers } from './image.ts'
import { openStore, type TestStore } from './store.ts'

/** A snapshot mounted at `root`. */
export interface Mounted {
  readonly key: string
  readonly root: string
  /** Mounts that `prepare` or `view` returned. */
  readonly mounts: readonly Mount[]
  /** The absolute path of something in it. */
  path(relative: string): string
  unmount(): Promise<void>
  /** Mounts it again by what `mounts(key)` answers. */
  mount(): Promise<void>
}

export interface Fixture {
  readonly host: Host
  readonly meta: Pick<DriverMeta, 'id' | 'cowUnit'>
  readonly snapshotter: Snapshotter
  /** The name of the committed image. It stays for the checks that follow. */
  image(): Promise<string>
  /** Commits one layer over `parent` and returns its name. */
  layer(parent: string | null, fill: (root: string) => void): Promise<string>
  /** Prepares and mounts a container layer. */
  container(parent: string | null, key?: string): Promise<Mounted>
  /** Mounts a read-only view. */
  view(parent: string): Promise<Mounted>
  /** Commits a container's layer, unmounting it first, and returns the new name. */
  commit(container: Mounted): Promise<string>
  /** Unmounts and removes a container or a view. */
  remove(container: Mounted): Promise<void>
  /** Unmounts and removes all that the check made, youngest first. */
  release(): Promise<void>
}

export function openFixture(store: TestStore): Fixture {
  const { host, snapshotter, meta, scratch } = store
  const mounted = new Set<Mounted>()
  const names: string[] = []

  async function mountAt(key: string, mounts: readonly Mount[]): Promise<Mounted> {
    const root = join(scratch.mountPoints, String(store.next()))
    mkdirSync(root)
    const place: Mounted = {
      key,
      root,
      mounts,
      path: (relative) => join(root, relative),
      async unmount() {
        await detach({ host, snapshotter }, key, root)
        mounted.delete(place)
      },
      async mount() {
        await attach({ host, snapshotter }, key, await snapshotter.mounts(key), root)
        mounted.add(place)
      },
    }
    await attach({ host, snapshotter }, key, mounts, root)
    mounted.add(place)
    return place
  }

  async function container(parent: string | null, key = `container-${store.next()}`): Promise<Mounted> {
    const mounts = await snapshotter.prepare(key, parent)
    names.push(key)
    return mountAt(key, mounts)
  }

  async function commit(active: Mounted): Promise<string> {
    if (mounted.has(active)) await active.unmount()
    const name = `layer-${store.next()}`
    await snapshotter.commit(name, active.key)
    names.splice(names.indexOf(active.key), 1, name)
    return name
  }

  async function layer(parent: string | null, fill: (root: string) => void): Promise<string> {
    const active = await container(parent)
    fill(active.root)
    return commit(active)
  }

  async function makeImage(): Promise<string> {
    let name: string | null = null
    for (const fill of imageLayers) {
      name = await layer(name, fill)
      // Not the check's own: it outlives the check.
      names.splice(names.indexOf(name), 1)
    }
    if (name === null) throw new Error('the image has no layers')
    return name
  }

  return {
    host,
    meta,
    snapshotter,
    image: () => (store.image ??= makeImage()),
    layer,
    container,
    commit,
    async view(parent) {
      const key = `view-${store.next()}`
      const mounts = await snapshotter.view(key, parent)
      names.push(key)
      return mountAt(key, mounts)
    },
    async remove(gone) {
      if (mounted.has(gone)) await gone.unmount()
      await snapshotter.remove(gone.key)
      names.splice(names.indexOf(gone.key), 1)
      rmdirSync(gone.root)
    },
    async release() {
      for (const place of [...mounted].reverse()) await place.unmount()
      for (const name of names.splice(0).reverse()) await snapshotter.remove(name)
    },
  }
}

/** Does `work` on a store of its own; for what a driver's tests look at beside the suite. */
export async function withFixture<Options>(
  driver: Driver<Options>,
  config: DriverConfig<Options>,
  work: (fixture: Fixture) => Promise<void>,
): Promise<void> {
  await using store = await openStore(testHost(), driver, config)
  const fixture = openFixture(store)
  try {
    await work(fixture)
  } finally {
    await fixture.release()
  }
}
