/**
 * Thin snapshots as layers and containers. Each snapshot is a thin device of the pool; it is active, which means
 * that it has a block device to mount, from prepare to commit or remove.
 *
 * Only committed snapshots become origins and those are inactive, so no origin ever has to be suspended.
 */
import type { Backing, Scratch } from '../../harness/contracts/driver.ts'
import type { Host } from '../../harness/contracts/host.ts'
import type { Condition, Mount, Snapshotter, Usage } from '../../harness/contracts/snapshotter.ts'
import type { Provenance } from '../../harness/contracts/witness.ts'
import { createCatalog, driverError, type Catalog, type Snapshot } from '../common/catalog.ts'
import { discardDevice } from './discard.ts'
import type { ActiveDevice } from '../../harness/linux/dm/device.ts'
import { allocatedInPool, poolCondition, provenanceInPool, writeBack } from '../common/thin/evidence.ts'
import type { ThinPool } from '../common/thin/pool.ts'
import type { PoolDevices } from '../common/thin/pool-devices.ts'
import { bytesIn } from '../common/thin/thin-metadata.ts'
import { requireFree, requireWritable } from '../common/thin/pool-status.ts'

/** The thin device that holds the empty file system; snapshots without a parent are made of it. */
export const BASE_ID = 0

export interface ThinStore {
  host: Host
  scratch: Scratch
  /** File system of the thin devices. */
  filesystem: Backing
  pool: ThinPool
  devices: PoolDevices
  /**
   * Discard a device's blocks before it is deleted, as Docker does on loop devices only, where it is what makes the
   * files sparse again.
   */
  discardOnRemove: boolean
  /** Percent of the pool that has to be free for a snapshot to be made. 0: it is not even asked for. */
  minimumFree: number
  /** Releases what the store stands on. */
  close(): Promise<void>
}

export class ThinSnapshotter implements Snapshotter {
  readonly store
  readonly #parts: ThinStore
  readonly #catalog: Catalog = createCatalog()
  /** By the snapshot's id, which survives commit. */
  readonly #active = new Map<string, ActiveDevice>()

  constructor(parts: ThinStore) {
    this.#parts = parts
    this.store = { path: parts.devices.path, devices: [parts.scratch.device] }
  }

  async prepare(key: string, parent: string | null): Promise<readonly Mount[]> {
    return this.#create('active', key, parent)
  }

  /** A snapshot of its own, mounted read-only: the parent's device stays inactive and may be a parent again. */
  async view(key: string, parent: string): Promise<readonly Mount[]> {
    return this.#create('view', key, parent)
  }

  /** Throws `driver.pool-full` for a layer whose writes may have been lost. */
  async commit(name: string, key: string): Promise<void> {
    const snapshot = this.#catalog.get(key)
    const wasActive = this.#active.has(snapshot.id)
    this.#deactivate(snapshot)
    try {
      requireWritable(this.#parts.pool.status())
      this.#catalog.commit(name, key)
    } catch (error) {
      if (wasActive) this.#activate(snapshot)
      throw error
    }
  }

  async mounts(key: string): Promise<readonly Mount[]> {
    const snapshot = this.#catalog.get(key)
    // A device of its own would make a committed snapshot an active origin.
    if (snapshot.kind === 'committed') throw driverError('not-active', `snapshot ${key} is committed`)
    return this.#mountsOf(snapshot)
  }

  async remove(key: string): Promise<void> {
    const snapshot = this.#catalog.requireLeaf(key)
    if (this.#parts.discardOnRemove) this.#discard(snapshot)
    this.#deactivate(snapshot)
    this.#parts.pool.delete(thinId(snapshot))
    this.#catalog.remove(key)
  }

  async usage(key: string): Promise<Usage> {
    return { bytes: bytesIn(this.#blocks(this.#catalog.get(key))).own, inodes: null }
  }

  async provenance(key: string, path: string): Promise<Provenance> {
    const snapshot = this.#catalog.get(key)
    const device = this.#active.get(snapshot.id)
    return provenanceInPool(this.#parts.host.syscalls, this.#parts.pool, thinId(snapshot), device, path)
  }

  async backingCacheFiles(): Promise<() => readonly string[]> {
    const { dataFile } = this.#parts.devices
    return () => (dataFile === null ? [] : [dataFile])
  }

  async allocated(): Promise<Usage> {
    return allocatedInPool(this.#parts.pool)
  }

  async condition(): Promise<Condition> {
    return poolCondition(this.#parts.pool)
  }

  async settle(): Promise<void> {
    for (const device of this.#active.values()) this.#writeBack(device)
    // Commits the metadata, which may lag up to a second behind.
    this.#parts.pool.status()
    await this.#parts.devices.sync()
  }

  /** Throws `driver.busy` while a snapshot is mounted. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const snapshot of this.#catalog.all()) this.#deactivate(snapshot)
    await this.#parts.close()
  }

  #create(kind: 'active' | 'view', key: string, parent: string | null): readonly Mount[] {
    const { pool, minimumFree } = this.#parts
    const snapshot = this.#catalog.create(kind, key, parent)
    try {
      if (minimumFree > 0) requireFree(pool.status(), minimumFree)
      pool.createSnapshot(thinId(snapshot), snapshot.parent === null ? BASE_ID : thinId(snapshot.parent))
      try {
        this.#activate(snapshot)
      } catch (error) {
        pool.delete(thinId(snapshot))
        throw error
      }
    } catch (error) {
      this.#catalog.remove(key)
      throw error
    }
    return this.#mountsOf(snapshot)
  }

  #activate(snapshot: Snapshot): ActiveDevice {
    const { pool, scratch } = this.#parts
    const device = pool.activateThin(thinId(snapshot), `${scratch.label}-${snapshot.id}`)
    this.#active.set(snapshot.id, device)
    return device
  }

  /** Idempotent, so that a removal that failed half-way can be asked for again. */
  #deactivate(snapshot: Snapshot): void {
    const device = this.#active.get(snapshot.id)
    if (device === undefined) return
    this.#parts.pool.deactivateThin(device)
    this.#active.delete(snapshot.id)
  }

  #discard(snapshot: Snapshot): void {
    const { node } = this.#active.get(snapshot.id) ?? this.#activate(snapshot)
    discardDevice(this.#parts.host.syscalls, node, this.#parts.pool.virtualSize)
  }

  #blocks(snapshot: Snapshot) {
    const device = this.#active.get(snapshot.id)
    if (device !== undefined) this.#writeBack(device)
    return this.#parts.pool.blocks(thinId(snapshot))
  }

  #writeBack(device: ActiveDevice): void {
    writeBack(this.#parts.host.syscalls, this.#parts.pool, device)
  }

  #mountsOf(snapshot: Snapshot): readonly Mount[] {
    const { filesystem } = this.#parts
    const { node } = this.#active.get(snapshot.id) ?? this.#activate(snapshot)
    const options = [
      'noatime',
      // A snapshot has its origin's UUID, of which xfs mounts one only.
      ...(filesystem === 'xfs' ? ['nouuid'] : []),
      ...(snapshot.kind === 'active' ? [] : ['ro']),
    ]
    return [{ type: filesystem, source: node, options }]
  }
}

/** Unique in the pool, 24 bits wide; 0 is the base. */
function thinId(snapshot: Snapshot): number {
  return Number.parseInt(snapshot.id, 36) + 1
}
