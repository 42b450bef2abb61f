/**
 * A subvolume for each snapshot, all side by side below the root of the file system: a child is a snapshot of its parent's
 * subvolume, a committed one is set read-only.
 *
 * The view of a snapshot is a bind mount of its subvolume, as in Docker, whose driver hands out the directory and whose
 * runtime binds it. (containerd mounts the device again with `subvolid=`; the mount then holds the same superblock.)
 */
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import type { Host } from '../../harness/contracts/host.ts'
import type { Mount, Snapshotter, Usage } from '../../harness/contracts/snapshotter.ts'
import type { Provenance } from '../../harness/contracts/witness.ts'
import { errnoOf } from '../../harness/contracts/syscalls.ts'
import { extentBytes } from '../../harness/linux/fiemap.ts'
import type { MountedBacking } from '../common/backing.ts'
import { createBindCounter, type BindCounter } from '../common/bind-counter.ts'
import { untilFreed } from '../common/btrfs/freeing.ts'
import { createCatalog, driverError, type Catalog, type Snapshot } from '../common/catalog.ts'
import {
  createSnapshot,
  createSubvolume,
  destroyQuotaGroup,
  destroySubvolume,
  enableQuota,
  setReadOnly,
  subvolumeInfo,
} from '../common/btrfs/ioctl.ts'
import { usageSince } from '../common/btrfs/own-usage.ts'

export interface BtrfsTraits {
  /** Account space by subvolume. */
  quota: boolean
  /** The backing was mounted so that it compresses. */
  compresses: boolean
}

export class BtrfsSnapshotter implements Snapshotter {
  readonly store
  readonly #host: Host
  readonly #backing: MountedBacking
  readonly #quota: boolean
  readonly #catalog: Catalog = createCatalog()
  readonly #binds: BindCounter
  /** The directory that holds the subvolumes. */
  readonly #root: number
  /** Trees of removed subvolumes whose quota groups remain. */
  readonly #removedTrees: bigint[] = []
  #open = true

  constructor(host: Host, backing: MountedBacking, { quota, compresses }: BtrfsTraits) {
    this.#host = host
    this.#backing = backing
    this.#quota = quota
    this.#binds = createBindCounter(backing.path)
    this.#root = openSync(backing.path, 'r')
    if (quota) enableQuota(host.syscalls, this.#root)
    this.store = { path: backing.path, devices: [backing.device], compresses }
  }

  async prepare(key: string, parent: string | null): Promise<readonly Mount[]> {
    return this.#create('active', key, parent)
  }

  async view(key: string, parent: string): Promise<readonly Mount[]> {
    return this.#create('view', key, parent)
  }

  async commit(name: string, key: string): Promise<void> {
    const snapshot = this.#catalog.get(key)
    this.#requireUnmounted(snapshot)
    this.#catalog.commit(name, key)
    this.#within(snapshot, (fd) => setReadOnly(this.#host.syscalls, fd))
  }

  async mounts(key: string): Promise<readonly Mount[]> {
    return this.#mountsOf(this.#catalog.get(key))
  }

  async remove(key: string): Promise<void> {
    const snapshot = this.#catalog.requireLeaf(key)
    this.#requireUnmounted(snapshot)
    const { syscalls } = this.#host
    if (this.#quota)
      this.#removedTrees.push(this.#within(snapshot, (fd) => subvolumeInfo(syscalls, fd).treeId))
    destroySubvolume(syscalls, this.#root, snapshot.id)
    this.#catalog.remove(key)
  }

  async usage(key: string): Promise<Usage> {
    const snapshot = this.#catalog.get(key)
    const { syscalls } = this.#host
    return this.#within(snapshot, (fd) => {
      const since = snapshot.parent === null ? 0n : subvolumeInfo(syscalls, fd).created + 1n
      return usageSince(syscalls, fd, since)
    })
  }

  /**
   * Whether an extent is shared is known once the transaction is written, which the sync sees to. Of compressed
   * extents FIEMAP tells the bytes of the file, not those on the device.
   */
  async provenance(key: string, path: string): Promise<Provenance> {
    const snapshot = this.#catalog.get(key)
    await this.#backing.sync()
    return { layer: 'shared', ...extentBytes(this.#host.syscalls, join(this.#directory(snapshot), path)) }
  }

  async allocated(): Promise<Usage> {
    return this.#backing.used()
  }

  async settle(): Promise<void> {
    await untilFreed(this.#host.syscalls, this.#root)
    this.#removeQuotaGroups()
    await this.#backing.settle(this.#catalog.atRest())
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#open) closeSync(this.#root)
    this.#open = false
    await this.#backing[Symbol.asyncDispose]()
  }

  #create(kind: 'active' | 'view', key: string, parent: string | null): readonly Mount[] {
    const snapshot = this.#catalog.create(kind, key, parent)
    const { syscalls } = this.#host
    try {
      if (snapshot.parent === null) createSubvolume(syscalls, this.#root, snapshot.id)
      else {
        this.#within(snapshot.parent, (source) =>
          createSnapshot(syscalls, this.#root, snapshot.id, source, kind === 'view'),
        )
      }
    } catch (error) {
      this.#catalog.remove(key)
      throw error
    }
    return this.#mountsOf(snapshot)
  }

  /** Newer kernels delete a quota group with its subvolume; older ones leave it, and each makes accounting slower. */
  #removeQuotaGroups(): void {
    for (const treeId of this.#removedTrees.splice(0)) {
      try {
        destroyQuotaGroup(this.#host.syscalls, this.#root, treeId)
      } catch (error) {
        if (errnoOf(error) !== 'ENOENT') throw error
      }
    }
  }

  #within<T>(snapshot: Snapshot, work: (fd: number) => T): T {
    const fd = openSync(this.#directory(snapshot), 'r')
    try {
      return work(fd)
    } finally {
      closeSync(fd)
    }
  }

  #directory(snapshot: Snapshot): string {
    return join(this.#backing.path, snapshot.id)
  }

  #mountsOf(snapshot: Snapshot): readonly Mount[] {
    const access = snapshot.kind === 'active' ? 'rw' : 'ro'
    return [{ type: 'bind', source: this.#directory(snapshot), options: ['bind', access] }]
  }

  /** The kernel deletes a subvolume that is bound elsewhere without a word. */
  #requireUnmounted(snapshot: Snapshot): void {
    if (this.#binds.count(this.#directory(snapshot)) > 0) {
      throw driverError('busy', `snapshot ${snapshot.name} is mounted`)
    }
  }
}
