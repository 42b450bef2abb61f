/**
 * A snapshotter of containerd as bench's own interface: every verb is one call of its Snapshots service, and `mounts` are what
 * it answers. As containerd's clients do, bench mounts them itself.
 *
 * `remove` is answered when the snapshot is crossed out; containerd's garbage collector deletes it afterwards, and `settle` waits
 * for it. containerd does not know what is mounted, so that commit and remove look first, as those of the other drivers do.
 */
import type { Condition, HiddenBy, Mount, Snapshotter, Usage } from '../../harness/contracts/snapshotter.ts'
import type { Provenance } from '../../harness/contracts/witness.ts'
import { driverError } from '../common/catalog.ts'
import { otherMount } from '../common/engine/evidence.ts'
import type { Ground } from './grounds/ground.ts'
import type { Method, Methods } from './api.ts'
import type { Containerd } from './daemon.ts'
import { callFailed, verbFailed, type Verb } from './errors.ts'
import type { ContainerdRuntime } from './runtime.ts'
import type { Evidence, Held } from './evidence/evidence.ts'

/** Keeps the garbage collector from a snapshot that no image and no container of containerd's refers to. */
const GC_ROOT = 'containerd.io/gc.root'
const LEASE = 'bench-settle'

/** What tells the store of one snapshotter from that of another. */
export interface ContainerdTraits {
  /** Its name in containerd. */
  snapshotter: string
  /** The configuration, for messages. */
  text: string
  /** Type of file system that a container is to be mounted as. */
  mountType: string
  evidence: Evidence
}

export class ContainerdSnapshotter implements Snapshotter {
  readonly store
  readonly runtime: ContainerdRuntime
  readonly changes?: (key: string) => Promise<string | null>
  readonly hiddenBy?: (key: string, path: string) => Promise<HiddenBy | null>
  readonly backingCacheFiles?: (key: string) => Promise<(path: string) => readonly string[]>
  readonly #ground: Ground
  readonly #containerd: Containerd
  readonly #traits: ContainerdTraits
  readonly #evidence: Evidence
  readonly #held = new Map<string, Held>()
  #count = 0

  constructor(ground: Ground, containerd: Containerd, runtime: ContainerdRuntime, traits: ContainerdTraits) {
    this.runtime = runtime
    this.#ground = ground
    this.#containerd = containerd
    this.#traits = traits
    this.#evidence = traits.evidence
    this.store = { path: ground.holdsSnapshots ? ground.path : null, devices: [ground.device] }
    const { changes, hiddenBy, cacheFiles } = traits.evidence
    if (changes !== undefined) this.changes = async (key) => changes(this.#get(key))
    if (hiddenBy !== undefined) this.hiddenBy = async (key, path) => hiddenBy(this.#get(key), path)
    if (cacheFiles !== undefined) this.backingCacheFiles = async (key) => cacheFiles(this.#get(key))
  }

  prepare(key: string, parent: string | null): Promise<readonly Mount[]> {
    return this.#create('prepare', 'snapshots.v1.Snapshots/Prepare', key, parent)
  }

  view(key: string, parent: string): Promise<readonly Mount[]> {
    return this.#create('view', 'snapshots.v1.Snapshots/View', key, parent)
  }

  async commit(name: string, key: string): Promise<void> {
    const held = this.#held.get(key)
    if (held !== undefined) this.#requireUnmounted(key, held)
    const request = { snapshotter: this.#traits.snapshotter, name, key, labels: labels() }
    await this.#call('commit', 'snapshots.v1.Snapshots/Commit', request)
    this.#held.delete(key)
    this.#held.set(name, { ...this.#made(key, held), kind: 'committed' })
  }

  async mounts(key: string): Promise<readonly Mount[]> {
    const { mounts } = await this.#call('mounts', 'snapshots.v1.Snapshots/Mounts', this.#request(key))
    return this.#evidence.mountsOf(mounts, this.#get(key).id)
  }

  async remove(key: string): Promise<void> {
    const held = this.#held.get(key)
    if (held !== undefined) this.#requireUnmounted(key, held)
    await this.#call('remove', 'snapshots.v1.Snapshots/Remove', this.#request(key))
    this.#held.delete(key)
  }

  async usage(key: string): Promise<Usage> {
    const { size, inodes } = await this.#call('usage', 'snapshots.v1.Snapshots/Usage', this.#request(key))
    return { bytes: size, inodes: this.#evidence.countsInodes ? inodes : null }
  }

  async provenance(key: string, path: string): Promise<Provenance> {
    const held = this.#get(key)
    await this.#ground.sync()
    const parent = held.parent === null ? null : this.#get(held.parent)
    return this.#evidence.provenance(held, path, parent)
  }

  async condition(): Promise<Condition> {
    const failure = this.#containerd.failure()
    if (failure !== undefined) return { failure }
    const active = [...this.#held.values()].filter(({ kind, parent }) => kind === 'active' && parent !== null)
    const { text, mountType } = this.#traits
    const other = active.map(({ mounts }) => mounts[0]?.type ?? 'nothing').find((type) => type !== mountType)
    if (other !== undefined) return { failure: otherMount(text, mountType, other) }
    return this.#evidence.condition(active)
  }

  async allocated(): Promise<Usage> {
    return this.#ground.used()
  }

  async settle(): Promise<void> {
    this.runtime.settle()
    // What a daemon that has ended leaves is at rest: its samples fail, and the others go on.
    await this.#collectGarbage().catch((error) => {
      if (this.#containerd.failure() === undefined) throw error
    })
    await this.#evidence.settle?.([...this.#held.values()].filter(({ kind }) => kind !== 'committed'))
    await this.#ground.settle([...this.#held.values()].every(({ kind }) => kind === 'committed'))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#containerd[Symbol.asyncDispose]()
    await this.runtime.close()
    this.#evidence.close?.()
    await this.#ground[Symbol.asyncDispose]()
  }

  async #create(
    verb: 'prepare' | 'view',
    method: 'snapshots.v1.Snapshots/Prepare' | 'snapshots.v1.Snapshots/View',
    key: string,
    parent: string | null,
  ): Promise<readonly Mount[]> {
    const request = { ...this.#request(key), parent: parent ?? '', labels: labels() }
    const { mounts } = await this.#call(verb, method, request)
    const id = this.#count
    this.#count += 1
    const named = this.#evidence.mountsOf(mounts, id)
    this.#held.set(key, { id, kind: verb === 'view' ? 'view' : 'active', parent, mounts: named })
    return named
  }

  /** Deleting a lease can be asked to wait for the garbage collector, which is what it is there for here. */
  async #collectGarbage(): Promise<void> {
    await this.#call('settle', 'leases.v1.Leases/Create', { id: LEASE })
    await this.#call('settle', 'leases.v1.Leases/Delete', { id: LEASE, sync: true })
  }

  async #call<Name extends Method>(
    verb: Verb,
    method: Name,
    request: Methods[Name]['request'],
  ): Promise<Methods[Name]['response']> {
    try {
      return await this.#containerd.call(method, request)
    } catch (error) {
      throw verbFailed(verb, error) ?? callFailed(method, error)
    }
  }

  #request(key: string) {
    return { snapshotter: this.#traits.snapshotter, key }
  }

  #get(key: string): Held {
    return this.#made(key, this.#held.get(key))
  }

  #made(key: string, held: Held | undefined): Held {
    if (held === undefined) throw driverError('not-found', `snapshot ${key} does not exist`)
    return held
  }

  /** Some snapshots show one directory: with as many mounts of it as there are such snapshots, this one's is among them. */
  #requireUnmounted(key: string, held: Held): void {
    if (held.kind === 'committed') return
    const alike = [...this.#held.values()].filter(
      ({ kind, mounts }) => kind !== 'committed' && JSON.stringify(mounts) === JSON.stringify(held.mounts),
    )
    if (this.#evidence.countMounts(held) >= alike.length)
      throw driverError('busy', `snapshot ${key} is mounted`)
  }
}

function labels() {
  return { [GC_ROOT]: new Date().toISOString() }
}
