/**
 * Snapshots of containers-storage. A container is a writable layer on the image's top layer; the program mounts it below its own
 * folder, and that mount is bound to the target. A commit is podman's: the difference as a tar, imported as a layer.
 */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Host } from '../../harness/contracts/host.ts'
import type { Condition, HiddenBy, Mount, Snapshotter, Usage } from '../../harness/contracts/snapshotter.ts'
import type { Provenance } from '../../harness/contracts/witness.ts'
import type { MountedBacking } from '../common/backing.ts'
import { ancestors, createCatalog, driverError, type Catalog, type Snapshot } from '../common/catalog.ts'
import {
  fileBehind,
  hiddenInUnion,
  mountedAs,
  provenanceOf,
  untilSnapshotsFreed,
  type Keeping,
  type Places,
} from '../common/engine/evidence.ts'
import { withWarnings, type OverlayAsked } from '../common/engine/overlay-condition.ts'
import type { Warning } from '../../harness/contracts/warning.ts'
import type { Storage } from './storage.ts'

export interface PodmanTraits extends OverlayAsked {
  /** What every sample is to be read with. */
  warnings: readonly Warning[]
  keeping: Keeping
  /** Type of file system that a container is to be mounted as. */
  mountType: string
  /** Folder of a layer's own files. */
  folder(id: string): string
  /** Whether a container's own folder has all that it changed, as the kernel's overlay keeps it. */
  keepsChanges: boolean
}

export class PodmanSnapshotter implements Snapshotter {
  readonly store
  readonly hiddenBy?: (key: string, path: string) => Promise<HiddenBy | null>
  readonly backingCacheFiles?: (key: string) => Promise<(path: string) => readonly string[]>
  readonly #host: Host
  readonly #backing: MountedBacking
  readonly #storage: Storage
  readonly #traits: PodmanTraits
  readonly #catalog: Catalog = createCatalog()
  /** Mount points of what is mounted, by the layer's id. */
  readonly #attached = new Map<string, string>()
  #open = true

  constructor(host: Host, backing: MountedBacking, storage: Storage, traits: PodmanTraits) {
    this.#host = host
    this.#backing = backing
    this.#storage = storage
    this.#traits = traits
    this.store = { path: backing.path, devices: [backing.device] }
    if (traits.keeping === 'union') {
      this.hiddenBy = async (key, path) =>
        hiddenInUnion(host.syscalls, this.#places(this.#catalog.get(key)), path)
    }
    if (traits.mountType.startsWith('fuse.')) {
      this.backingCacheFiles = async (key) => {
        const places = this.#places(this.#catalog.get(key))
        return (path) => fileBehind(places, path)
      }
    }
  }

  async prepare(key: string, parent: string | null): Promise<readonly Mount[]> {
    return this.#create('active', key, parent)
  }

  /** A container whose root is mounted read-only, as podman's --read-only: there is no other view of a layer. */
  async view(key: string, parent: string): Promise<readonly Mount[]> {
    return this.#create('view', key, parent)
  }

  async commit(name: string, key: string): Promise<void> {
    const snapshot = this.#catalog.requireCommittable(name, key)
    this.#requireDetached(snapshot)
    const tar = join(this.#backing.path, `${layerOf(snapshot)}.tar`)
    try {
      await this.#storage.run('diff', '--uncompressed', '--file', tar, layerOf(snapshot))
      const layer = layerOf({ ...snapshot, kind: 'committed' })
      await this.#storage.run('import-layer', '--id', layer, '--file', tar, ...parentOf(snapshot))
    } finally {
      rmSync(tar, { force: true })
    }
    this.#catalog.commit(name, key)
    await this.#storage.run('delete-layer', layerOf(snapshot))
  }

  async mounts(key: string): Promise<readonly Mount[]> {
    return this.#mountsOf(this.#catalog.get(key))
  }

  async attach(key: string, target: string): Promise<void> {
    const snapshot = this.#catalog.get(key)
    const merged = (await this.#storage.run('mount', layerOf(snapshot))).trim()
    const access = snapshot.kind === 'view' ? 'ro' : 'rw'
    await this.#host.mount([{ type: 'bind', source: merged, options: ['bind', access] }], target)
    this.#attached.set(layerOf(snapshot), target)
  }

  async detach(key: string, target: string): Promise<void> {
    const layer = layerOf(this.#catalog.get(key))
    await this.#host.unmount(target)
    await this.#storage.run('unmount', layer)
    this.#attached.delete(layer)
  }

  /** The program unmounts by force what it removes, so that is looked at before. */
  async remove(key: string): Promise<void> {
    const snapshot = this.#catalog.requireLeaf(key)
    this.#requireDetached(snapshot)
    await this.#storage.run('delete-layer', layerOf(snapshot))
    this.#catalog.remove(key)
  }

  /** As `podman ps --size` and `podman images` ask. */
  async usage(key: string): Promise<Usage> {
    const snapshot = this.#catalog.get(key)
    if (snapshot.kind === 'view') return { bytes: 0, inodes: 0 }
    const printed = await this.#storage.run('diffsize', layerOf(snapshot))
    return { bytes: Number(/\d+/.exec(printed)?.[0] ?? NaN), inodes: null }
  }

  async changes(key: string): Promise<string | null> {
    const snapshot = this.#catalog.get(key)
    return this.#traits.keepsChanges && snapshot.kind === 'active' ? this.#places(snapshot).own : null
  }

  async provenance(key: string, path: string): Promise<Provenance> {
    const snapshot = this.#catalog.get(key)
    const { keeping } = this.#traits
    if (keeping !== 'union') await this.#backing.sync()
    return provenanceOf(this.#host.syscalls, keeping, this.#places(snapshot), path, snapshot.kind === 'view')
  }

  async condition(): Promise<Condition> {
    const containers = this.#catalog.all().filter(({ kind }) => kind === 'active')
    const conditions = containers
      .map((snapshot) => this.#attached.get(layerOf(snapshot)))
      .filter((target) => target !== undefined)
      .map((target) => mountedAs(target, this.#traits.mountType, this.#traits))
    const condition = conditions.find(({ failure }) => failure !== undefined) ?? conditions[0] ?? {}
    return withWarnings(condition, this.#traits.warnings)
  }

  async allocated(): Promise<Usage> {
    return this.#backing.used()
  }

  async settle(): Promise<void> {
    if (this.#traits.keeping === 'snapshot')
      await untilSnapshotsFreed(this.#host.syscalls, this.#backing.path)
    await this.#backing.settle(this.#catalog.atRest())
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#open) await this.#storage.shutdown()
    this.#open = false
    await this.#backing[Symbol.asyncDispose]()
  }

  async #create(kind: 'active' | 'view', key: string, parent: string | null): Promise<readonly Mount[]> {
    const snapshot = this.#catalog.create(kind, key, parent)
    try {
      await this.#storage.run('create-layer', '--id', layerOf(snapshot), ...parentOf(snapshot))
    } catch (error) {
      this.#catalog.remove(key)
      throw error
    }
    return this.#mountsOf(snapshot)
  }

  #mountsOf(snapshot: Snapshot): readonly Mount[] {
    const { keeping, mountType } = this.#traits
    const access = snapshot.kind === 'view' ? 'ro' : 'rw'
    return [{ type: keeping === 'union' ? mountType : 'bind', source: layerOf(snapshot), options: [access] }]
  }

  #places(snapshot: Snapshot): Places {
    const { folder } = this.#traits
    const lowers = ancestors(snapshot).map((layer) => folder(layerOf(layer)))
    return { own: folder(layerOf(snapshot)), lowers }
  }

  #requireDetached(snapshot: Snapshot): void {
    if (this.#attached.has(layerOf(snapshot))) {
      throw driverError('busy', `snapshot ${snapshot.name} is mounted`)
    }
  }
}

/** Returns the layer's id in the store: a commit makes another layer of the one that was written. */
function layerOf({ kind, id }: Pick<Snapshot, 'kind' | 'id'>): string {
  return `${kind === 'committed' ? 'image' : 'container'}-${id.padStart(6, '0')}`
}

/** Returns the argument that names the parent; none of a layer without one. */
function parentOf({ parent }: Snapshot): string[] {
  return parent === null ? [] : [layerOf(parent)]
}
