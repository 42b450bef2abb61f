/**
 * What the snapshotters of engines that mount containers by themselves have in common. The engine mounts below its own folder, and
 * that mount is bound to the target. A container that was planned is mounted by its start: attaching it only keeps the target.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { EngineRuntime } from '../../../harness/contracts/engine-runtime.ts'
import type { BenchError } from '../../../harness/contracts/error.ts'
import type { Host } from '../../../harness/contracts/host.ts'
import type {
  Condition,
  HiddenBy,
  Mount,
  Snapshotter,
  Usage,
} from '../../../harness/contracts/snapshotter.ts'
import type { Warning } from '../../../harness/contracts/warning.ts'
import type { Provenance } from '../../../harness/contracts/witness.ts'
import type { MountedBacking } from '../backing.ts'
import { createCatalog, driverError, type Catalog, type Snapshot } from '../catalog.ts'
import {
  fileBehind,
  hiddenInUnion,
  leftBy,
  mountedAs,
  provenanceOf,
  untilSnapshotsFreed,
  type Keeping,
  type Places,
} from './evidence.ts'
import { withWarnings, type OverlayAsked } from './overlay-condition.ts'
import { createPlans, type Plans } from './planned.ts'

/** Key of a view that is mounted to see how the engine mounts. */
const LOOK = 'bench-look'

export interface MountingTraits extends OverlayAsked {
  /** What every sample is to be read with. */
  warnings: readonly Warning[]
  keeping: Keeping
  /** Type of file system that a container is to be mounted as. */
  mountType: string
  /** Whether a container's own folder has all that it changed, as the kernel's overlay keeps it. */
  keepsChanges: boolean
}

export abstract class MountingSnapshotter implements Snapshotter {
  readonly store: Snapshotter['store']
  readonly hiddenBy?: (key: string, path: string) => Promise<HiddenBy | null>
  readonly backingCacheFiles?: (key: string) => Promise<(path: string) => readonly string[]>
  abstract readonly runtime: EngineRuntime
  protected readonly host: Host
  protected readonly backing: MountedBacking
  protected readonly catalog: Catalog = createCatalog()
  protected readonly plans: Plans = createPlans()
  readonly #traits: MountingTraits
  /** Mount points of what is mounted, by the snapshot's id. */
  readonly #attached = new Map<string, string>()
  /** How the engine mounts, where only containers that have ended were seen. */
  #looked: Condition | null = null

  constructor(
    host: Host,
    backing: MountedBacking,
    traits: MountingTraits,
    store: Partial<Snapshotter['store']> = {},
  ) {
    this.host = host
    this.backing = backing
    this.#traits = traits
    this.store = { path: backing.path, devices: [backing.device], ...store }
    const places = (key: string) => this.placesOf(this.catalog.get(key))
    if (traits.keeping === 'union') {
      this.hiddenBy = async (key, path) => hiddenInUnion(host.syscalls, places(key), path)
    }
    if (traits.mountType.startsWith('fuse.')) {
      this.backingCacheFiles = async (key) => {
        const found = places(key)
        return (path) => fileBehind(found, path)
      }
    }
  }

  /** Makes an active snapshot or a view. */
  protected abstract make(snapshot: Snapshot): Promise<void>
  /** Removes any snapshot. */
  protected abstract discard(snapshot: Snapshot): Promise<void>
  /** Mounts a snapshot and returns the directory that shows it. */
  protected abstract mountOf(snapshot: Snapshot): Promise<string>
  protected abstract unmountOf(snapshot: Snapshot): Promise<void>
  protected abstract placesOf(snapshot: Snapshot): Places
  /** The engine's name of a snapshot. */
  protected abstract nameOf(snapshot: Snapshot): string
  abstract commit(name: string, key: string): Promise<void>
  /** Of an active or a committed snapshot. */
  protected abstract usageOf(snapshot: Snapshot): Promise<Usage>
  /** Says why the engine takes no calls any longer. */
  protected abstract failure(): BenchError | undefined
  abstract [Symbol.asyncDispose](): Promise<void>

  async prepare(key: string, parent: string | null): Promise<readonly Mount[]> {
    return this.#create('active', key, parent)
  }

  /** A container whose root is read-only, as that of `run --read-only`: engines have no other view of an image. */
  async view(key: string, parent: string): Promise<readonly Mount[]> {
    return this.#create('view', key, parent)
  }

  async mounts(key: string): Promise<readonly Mount[]> {
    return this.#mountsOf(this.catalog.get(key))
  }

  async attach(key: string, target: string): Promise<void> {
    const planned = this.plans.of(key)
    if (planned !== undefined) {
      planned.target = target
      return
    }
    const snapshot = this.catalog.get(key)
    const source = await this.mountOf(snapshot)
    const access = snapshot.kind === 'view' ? 'ro' : 'rw'
    await this.host.mount([{ type: 'bind', source, options: ['bind', access] }], target)
    this.#attached.set(snapshot.id, target)
  }

  async detach(key: string, target: string): Promise<void> {
    const planned = this.plans.of(key)
    if (planned !== undefined) {
      if (planned.isShown) await this.host.unmount(target)
      planned.isShown = false
      return
    }
    const snapshot = this.catalog.get(key)
    await this.host.unmount(target)
    await this.unmountOf(snapshot)
    this.#attached.delete(snapshot.id)
  }

  async remove(key: string): Promise<void> {
    const snapshot = this.catalog.requireLeaf(key)
    this.requireDetached(snapshot)
    await this.discard(snapshot)
    this.plans.forget(key)
    this.catalog.remove(key)
  }

  async usage(key: string): Promise<Usage> {
    const snapshot = this.catalog.get(key)
    return snapshot.kind === 'view' ? { bytes: 0, inodes: 0 } : this.usageOf(snapshot)
  }

  async changes(key: string): Promise<string | null> {
    const snapshot = this.catalog.get(key)
    return this.#traits.keepsChanges && snapshot.kind === 'active' ? this.placesOf(snapshot).own : null
  }

  async provenance(key: string, path: string): Promise<Provenance> {
    const snapshot = this.catalog.get(key)
    const { keeping } = this.#traits
    if (keeping !== 'union') await this.backing.sync()
    return provenanceOf(this.host.syscalls, keeping, this.placesOf(snapshot), path, snapshot.kind === 'view')
  }

  async condition(): Promise<Condition> {
    const failure = this.failure()
    if (failure !== undefined) return { failure }
    const containers = this.catalog.all().filter(({ kind }) => kind === 'active')
    const conditions = containers
      .map(({ id }) => this.#attached.get(id))
      .filter((target) => target !== undefined)
      .map((target) => this.#seenAt(target))
    const started = containers.find(({ name }) => this.plans.of(name) !== undefined)
    if (started?.parent != null) conditions.push((this.#looked ??= await this.#look(started.parent.name)))
    const condition = conditions.find((one) => one.failure !== undefined) ?? conditions[0] ?? {}
    return withWarnings(condition, this.#traits.warnings)
  }

  async allocated(): Promise<Usage> {
    return this.backing.used()
  }

  async settle(): Promise<void> {
    if (this.#traits.keeping === 'snapshot') await untilSnapshotsFreed(this.host.syscalls, this.backing.path)
    await this.backing.settle(this.catalog.atRest())
  }

  protected requireDetached({ id, name }: Snapshot): void {
    if (this.isAttached(id)) throw driverError('busy', `snapshot ${name} is mounted`)
  }

  protected isAttached(id: string): boolean {
    return this.#attached.has(id)
  }

  /** Mounts what a planned container has left at the target of its snapshot. */
  protected async showPlanned(id: string): Promise<void> {
    const planned = this.plans.named(id)
    if (planned.target === null) return
    const places = this.placesOf(this.catalog.get(planned.key))
    await this.host.mount(leftBy(this.#traits.keeping, places), planned.target)
    planned.isShown = true
  }

  /** A container that was started is unmounted when it ends, at a moment of its own; so another one of the image is looked at. */
  async #look(parent: string): Promise<Condition> {
    const target = join(this.backing.path, LOOK)
    mkdirSync(target, { recursive: true })
    await this.view(LOOK, parent)
    await this.attach(LOOK, target)
    const seen = this.#seenAt(target)
    await this.detach(LOOK, target)
    await this.remove(LOOK)
    return seen
  }

  #seenAt(target: string): Condition {
    return mountedAs(target, this.#traits.mountType, this.#traits)
  }

  async #create(kind: 'active' | 'view', key: string, parent: string | null): Promise<readonly Mount[]> {
    const snapshot = this.catalog.create(kind, key, parent)
    try {
      await this.make(snapshot)
    } catch (error) {
      this.catalog.remove(key)
      throw error
    }
    return this.#mountsOf(snapshot)
  }

  #mountsOf(snapshot: Snapshot): readonly Mount[] {
    const { keeping, mountType } = this.#traits
    const access = snapshot.kind === 'view' ? 'ro' : 'rw'
    return [
      { type: keeping === 'union' ? mountType : 'bind', source: this.nameOf(snapshot), options: [access] },
    ]
  }
}
