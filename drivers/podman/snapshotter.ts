/**
 * Snapshots of containers-storage. A container is a writable layer on the image's top layer; the program mounts it below its own
 * folder. A commit is podman's: the difference as a tar, imported as a layer. A container that a scenario has planned is podman's own, by its API.
 */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { EngineContainer, PlannedPlace } from '../../harness/contracts/engine-runtime.ts'
import type { Host } from '../../harness/contracts/host.ts'
import type { Usage } from '../../harness/contracts/snapshotter.ts'
import type { MountedBacking } from '../common/backing.ts'
import { ancestors, type Snapshot } from '../common/catalog.ts'
import type { Places } from '../common/engine/evidence.ts'
import type { Api } from '../common/engine/http-api.ts'
import { MountingSnapshotter, type MountingTraits } from '../common/engine/mounting-snapshotter.ts'
import { planned } from './container-config.ts'
import { createImage } from './image.ts'
import { createRuntime } from './runtime.ts'
import { startService, type Service, type ServicePlaces } from './service.ts'
import type { Storage } from './storage.ts'

export interface PodmanTraits extends MountingTraits {
  /** Folder of a layer's own files. */
  folder(id: string): string
}

export class PodmanSnapshotter extends MountingSnapshotter {
  readonly runtime
  readonly #storage: Storage
  readonly #places: ServicePlaces
  readonly #traits: PodmanTraits
  /** podman's ids of images on layers, and layers of its containers that have ended, by the snapshot's id. */
  readonly #images = new Map<string, string>()
  readonly #layers = new Map<string, string>()
  #service: Service | null = null
  #open = true

  constructor(
    host: Host,
    backing: MountedBacking,
    storage: Storage,
    places: Omit<ServicePlaces, 'backing'>,
    traits: PodmanTraits,
  ) {
    super(host, backing, traits)
    this.#storage = storage
    this.#places = { ...places, backing: backing.path }
    this.#traits = traits
    this.runtime = createRuntime({
      plan: (place, container) => this.#plan(place, container),
      api: () => this.#api(),
      show: (id) => this.#show(id),
    })
  }

  async commit(name: string, key: string): Promise<void> {
    const snapshot = this.catalog.requireCommittable(name, key)
    this.requireDetached(snapshot)
    const tar = join(this.backing.path, `${layerOf(snapshot)}.tar`)
    try {
      await this.#storage.run('diff', '--uncompressed', '--file', tar, layerOf(snapshot))
      const layer = layerOf({ ...snapshot, kind: 'committed' })
      await this.#storage.run('import-layer', '--id', layer, '--file', tar, ...parentOf(snapshot))
    } finally {
      rmSync(tar, { force: true })
    }
    this.catalog.commit(name, key)
    await this.#storage.run('delete-layer', layerOf(snapshot))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#open) {
      this.#open = false
      await this.#service?.[Symbol.asyncDispose]()
      await this.#storage.shutdown()
    }
    await this.backing[Symbol.asyncDispose]()
  }

  protected failure() {
    return this.#service?.failure()
  }

  protected async make(snapshot: Snapshot): Promise<void> {
    const { name, parent } = snapshot
    const plan = this.plans.of(name)
    if (plan === undefined || parent === null) {
      await this.#storage.run('create-layer', '--id', layerOf(snapshot), ...parentOf(snapshot))
      return
    }
    const body = planned(this.#images.get(parent.id) ?? '', this.#places.label, plan.container)
    await this.#api().call('POST', '/containers/create', body)
  }

  /** The program unmounts by force what it removes. */
  protected async discard(snapshot: Snapshot): Promise<void> {
    const { name, id } = snapshot
    const plan = this.plans.of(name)
    if (plan !== undefined) {
      await this.#api().call('DELETE', `/containers/${plan.container.id}?v=true`)
      this.#layers.delete(id)
      return
    }
    const image = this.#images.get(id)
    // `delete-image` would remove layers, too.
    if (image !== undefined) await this.#storage.run('delete', image)
    this.#images.delete(id)
    await this.#storage.run('delete-layer', layerOf(snapshot))
  }

  protected async mountOf(snapshot: Snapshot): Promise<string> {
    return (await this.#storage.run('mount', layerOf(snapshot))).trim()
  }

  protected async unmountOf(snapshot: Snapshot): Promise<void> {
    await this.#storage.run('unmount', layerOf(snapshot))
  }

  protected placesOf(snapshot: Snapshot): Places {
    const { folder } = this.#traits
    const lowers = ancestors(snapshot).map((layer) => folder(layerOf(layer)))
    return { own: folder(this.#layers.get(snapshot.id) ?? layerOf(snapshot)), lowers }
  }

  protected nameOf(snapshot: Snapshot): string {
    return layerOf(snapshot)
  }

  /** As `podman ps --size` and `podman images` ask. */
  protected async usageOf(snapshot: Snapshot): Promise<Usage> {
    const printed = await this.#storage.run('diffsize', layerOf(snapshot))
    return { bytes: Number(/\d+/.exec(printed)?.[0] ?? NaN), inodes: null }
  }

  async #plan({ key, parent }: PlannedPlace, container: EngineContainer): Promise<void> {
    this.#service ??= await startService(this.host, this.#storage, this.#places)
    const layer = this.catalog.get(parent)
    if (!this.#images.has(layer.id)) {
      const image = await createImage(this.#storage, layerOf(layer), this.#places.directory)
      this.#images.set(layer.id, image)
    }
    this.plans.add(key, container)
  }

  async #show(id: string): Promise<void> {
    const { id: snapshot } = this.catalog.get(this.plans.named(id).key)
    const printed = await this.#storage.run('container', id)
    this.#layers.set(snapshot, /^Layer: (\S+)$/m.exec(printed)?.[1] ?? '')
    await this.showPlanned(id)
  }

  #api(): Api {
    if (this.#service === null) throw new Error('no container was planned')
    return this.#service.api
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
