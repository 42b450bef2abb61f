/** Snapshots that are image files with a file system inside, on xfs. */
import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import type { Host } from '../../harness/contracts/host.ts'
import type { Mount, Snapshotter, Usage } from '../../harness/contracts/snapshotter.ts'
import type { Range } from '../../harness/contracts/syscalls.ts'
import type { Provenance } from '../../harness/contracts/witness.ts'
import { extentsOf, occupied } from '../../harness/linux/fiemap.ts'
import { attachedLoops } from '../../harness/linux/sysfs.ts'
import { until } from '../../harness/linux/until.ts'
import type { MountedBacking } from '../common/backing.ts'
import { createCatalog, driverError, type Catalog, type Snapshot } from '../common/catalog.ts'
import type { Images } from './images.ts'
import { innerMount, type InnerFilesystem } from '../common/loop/inner.ts'
import { readLoopMounts, syncInner, type LoopMount } from '../common/loop/loop-mounts.ts'

const RELEASE_SECONDS = 30
const POLL_MILLISECONDS = 10

export class BlockSnapshotter implements Snapshotter {
  readonly store
  readonly #host: Host
  readonly #directory: string
  readonly #backing: MountedBacking
  readonly #images: Images
  readonly #filesystem: InnerFilesystem
  readonly #catalog: Catalog = createCatalog()
  #open = true

  /** `backing` holds the image files, all in its root directory. */
  constructor(host: Host, backing: MountedBacking, images: Images, filesystem: InnerFilesystem) {
    this.#host = host
    this.#directory = realpathSync(backing.path)
    this.#backing = backing
    this.#images = images
    this.#filesystem = filesystem
    this.store = { path: backing.path, devices: [backing.device] }
  }

  async prepare(key: string, parent: string | null): Promise<readonly Mount[]> {
    return this.#create('active', key, parent)
  }

  /** A view is a child, too: another mount of the parent's own file would be a second file system on one device. */
  async view(key: string, parent: string): Promise<readonly Mount[]> {
    return this.#create('view', key, parent)
  }

  /** The last unmount has written all of the inner file system to its file. */
  async commit(name: string, key: string): Promise<void> {
    const snapshot = this.#catalog.get(key)
    this.#requireUnmounted(snapshot)
    await this.#released(snapshot)
    this.#catalog.commit(name, key)
    await this.#images.seal(snapshot.id)
  }

  async mounts(key: string): Promise<readonly Mount[]> {
    return this.#mountsOf(this.#catalog.get(key))
  }

  async remove(key: string): Promise<void> {
    const snapshot = this.#catalog.requireLeaf(key)
    this.#requireUnmounted(snapshot)
    await this.#images.remove(snapshot.id)
    this.#catalog.remove(key)
  }

  /** Blocks have no inodes. */
  async usage(key: string): Promise<Usage> {
    const snapshot = this.#catalog.get(key)
    return { bytes: this.#bytes(snapshot).exclusiveBytes, inodes: null }
  }

  /** Which blocks of the device are the file's, the inner file system knows; unmounted, all of the device counts. */
  async provenance(key: string, path: string): Promise<Provenance> {
    const snapshot = this.#catalog.get(key)
    syncInner(this.#host.syscalls, this.#directory)
    const mount = this.#mountOf(snapshot)
    const parts =
      mount === undefined ? undefined : occupied(extentsOf(this.#host.syscalls, join(mount.target, path)))
    return { layer: 'shared', ...this.#bytes(snapshot, parts) }
  }

  /** The image file, where the kernel has refused its loop device direct I/O. */
  async backingCacheFiles(key: string): Promise<() => readonly string[]> {
    const mount = this.#mountOf(this.#catalog.get(key))
    return () => (mount === undefined || mount.direct ? [] : [mount.file])
  }

  async allocated(): Promise<Usage> {
    return this.#backing.used()
  }

  async settle(): Promise<void> {
    syncInner(this.#host.syscalls, this.#directory)
    await this.#backing.settle(this.#catalog.atRest())
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#open) return
    this.#open = false
    await this.#images[Symbol.asyncDispose]()
    await this.#backing[Symbol.asyncDispose]()
  }

  async #create(kind: 'active' | 'view', key: string, parent: string | null): Promise<readonly Mount[]> {
    const snapshot = this.#catalog.create(kind, key, parent)
    try {
      await this.#images.create(snapshot.id, snapshot.parent?.id ?? null, access(snapshot))
    } catch (error) {
      this.#catalog.remove(key)
      throw error
    }
    return this.#mountsOf(snapshot)
  }

  #bytes(snapshot: Snapshot, parts?: readonly Range[]) {
    return this.#images.bytes(snapshot.id, snapshot.parent?.id ?? null, parts)
  }

  #mountOf(snapshot: Snapshot): LoopMount | undefined {
    const own = this.#images.file(snapshot.id)
    return readLoopMounts().find(({ file }) => file === own)
  }

  #mountsOf(snapshot: Snapshot): readonly Mount[] {
    return [innerMount(this.#filesystem, this.#images.file(snapshot.id), access(snapshot))]
  }

  /**
   * Waits until no loop device has the snapshot's file. One that is unmounted here may still be mounted in a mount namespace
   * that another process made meanwhile, with changes that are in no file yet; they end with it.
   */
  async #released(snapshot: Snapshot): Promise<void> {
    const own = this.#images.file(snapshot.id)
    const isReleased = () => !attachedLoops().some(({ file }) => file === own)
    const error = () => driverError('busy', `snapshot ${snapshot.name} is mounted in another mount namespace`)
    await until(isReleased, { every: POLL_MILLISECONDS, within: RELEASE_SECONDS * 1000, error })
  }

  /** A file stays whole when it is unlinked under a loop device; its snapshot would be gone all the same. */
  #requireUnmounted(snapshot: Snapshot): void {
    if (this.#mountOf(snapshot) !== undefined) {
      throw driverError('busy', `snapshot ${snapshot.name} is mounted`)
    }
  }
}

function access(snapshot: Snapshot): 'rw' | 'ro' {
  return snapshot.kind === 'active' ? 'rw' : 'ro'
}
