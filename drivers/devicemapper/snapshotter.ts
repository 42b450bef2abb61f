/**
 * Thin snapshots as layers and containers. Each snapshot is a thin device of the pool; it is active, which means
 * that it has a block device to mount, from prepare to commit or remove.
 *
 * Only committed snapshots become origins and those are inactive, so no origin ever has to be suspended.
 */
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import type { Backing, Scratch } from '../../harness/contracts/driver.ts'
import type { Host } from '../../harness/contracts/host.ts'
import type { Condition, Mount, Snapshotter, Usage } from '../../harness/contracts/snapshotter.ts'
import type { Provenance } from '../../harness/contracts/witness.ts'
import { deviceText } from '../../harness/linux/device-number.ts'
import { extentsOf, occupied } from '../../harness/linux/fiemap.ts'
import { readMounts, type MountRow } from '../../harness/linux/mountinfo.ts'
import { createCatalog, driverError, type Catalog, type Snapshot } from '../common/catalog.ts'
import { discardDevice } from './discard.ts'
import type { ActiveDevice } from '../../harness/linux/dm/device.ts'
import { LOW_WATER_SHARE, type ThinPool } from '../common/thin/pool.ts'
import type { PoolDevices } from '../common/thin/pool-devices.ts'
import { bytesIn } from '../common/thin/thin-metadata.ts'
import { failureOf, freeShare, requireFree, requireWritable } from '../common/thin/pool-status.ts'

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

  /** The pool knows blocks, the file system inside which of them are the file's; unmounted, all of the device counts. */
  async provenance(key: string, path: string): Promise<Provenance> {
    const snapshot = this.#catalog.get(key)
    const blocks = this.#blocks(snapshot)
    const device = this.#active.get(snapshot.id)
    const mount = device === undefined ? undefined : mountOf(device)
    const parts =
      mount === undefined
        ? undefined
        : occupied(extentsOf(this.#parts.host.syscalls, join(mount.target, path)))
    const { own, inherited } = bytesIn(blocks, parts)
    return { layer: 'shared', sharedBytes: inherited, exclusiveBytes: own }
  }

  async backingCacheFiles(): Promise<() => readonly string[]> {
    const { dataFile } = this.#parts.devices
    return () => (dataFile === null ? [] : [dataFile])
  }

  async allocated(): Promise<Usage> {
    const { usedDataBlocks } = this.#parts.pool.status()
    return { bytes: usedDataBlocks * this.#parts.pool.blockSize, inodes: null }
  }

  /** Below its low-water mark a pool still works, but Docker would have refused the container. */
  async condition(): Promise<Condition> {
    const status = this.#parts.pool.status()
    const failure = failureOf(status)
    if (failure !== null) return { failure }
    const free = freeShare(status)
    const percent = Math.floor(free * 100)
    const message = `the thin pool has ${percent} % free; Docker makes no container below ${LOW_WATER_SHARE * 100} %`
    return {
      details: { poolFree: free },
      warnings: free < LOW_WATER_SHARE ? [{ code: 'driver.pool-low', message }] : [],
    }
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

  /**
   * Delayed allocations of the file system inside get their blocks only when they are written back. Throws
   * `driver.pool-full` when they cannot.
   */
  #writeBack(device: ActiveDevice): void {
    const mounted = mountOf(device)
    if (mounted === undefined) return
    const fd = openSync(mounted.target, 'r')
    try {
      this.#parts.host.syscalls.syncfs(fd)
    } catch (error) {
      // EIO, for instance: the reason is the pool's.
      requireWritable(this.#parts.pool.status())
      throw error
    } finally {
      closeSync(fd)
    }
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

function mountOf({ dev, node }: ActiveDevice): MountRow | undefined {
  return readMounts().find((mount) => mount.device === deviceText(dev) && mount.source === node)
}

/** Unique in the pool, 24 bits wide; 0 is the base. */
function thinId(snapshot: Snapshot): number {
  return Number.parseInt(snapshot.id, 36) + 1
}
