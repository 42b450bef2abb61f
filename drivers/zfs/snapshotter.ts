/**
 * Docker's zfs driver: a dataset for each layer and container; a child is the clone of a snapshot that is taken of its
 * parent for it alone. The snapshot is marked to be destroyed at once, and goes with the clone.
 */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { Host } from '../../harness/contracts/host.ts'
import type { Condition, Mount, Snapshotter, Usage } from '../../harness/contracts/snapshotter.ts'
import type { Provenance } from '../../harness/contracts/witness.ts'
import { isSourceMounted, readMounts } from '../../harness/linux/mountinfo.ts'
import { createCatalog, driverError, type Catalog, type Snapshot } from '../common/catalog.ts'
import { whileUnmounted, type RemountTarget } from '../common/remount.ts'
import type { Zpool } from '../common/zfs/pool.ts'
import type { Arc } from './arc.ts'
import { recordBytes } from './records.ts'

export interface ZfsStore {
  host: Host
  pool: Zpool
  arc: Arc
  compresses: boolean
  /** Options of every mount: `noatime`. */
  mountOptions: readonly string[]
  /** Releases what the store stands on. */
  close(): Promise<void>
}

export class ZfsSnapshotter implements Snapshotter {
  readonly store
  readonly #parts: ZfsStore
  readonly #catalog: Catalog = createCatalog()

  constructor(parts: ZfsStore) {
    this.#parts = parts
    this.store = { path: null, devices: [parts.pool.device], compresses: parts.compresses }
  }

  async prepare(key: string, parent: string | null): Promise<readonly Mount[]> {
    return await this.#create('active', key, parent)
  }

  async view(key: string, parent: string): Promise<readonly Mount[]> {
    return await this.#create('view', key, parent)
  }

  /** A layer stays the dataset that it was; Docker does not make it read-only either. */
  async commit(name: string, key: string): Promise<void> {
    this.#requireUnmounted(this.#catalog.get(key))
    this.#catalog.commit(name, key)
  }

  async mounts(key: string): Promise<readonly Mount[]> {
    return this.#mountsOf(this.#catalog.get(key))
  }

  async remove(key: string): Promise<void> {
    const snapshot = this.#catalog.requireLeaf(key)
    this.#requireUnmounted(snapshot)
    await this.#parts.pool.zfs('destroy', '-r', this.#dataset(snapshot))
    this.#catalog.remove(key)
  }

  /** Returns the bytes referenced and written since the origin's snapshot, including the file system's own metadata. */
  async usage(key: string): Promise<Usage> {
    const snapshot = this.#catalog.get(key)
    return { bytes: await this.#written(snapshot), inodes: null }
  }

  /** The file's records, while the dataset is mounted; otherwise all that the dataset references. */
  async provenance(key: string, path: string): Promise<Provenance> {
    const snapshot = this.#catalog.get(key)
    await this.#parts.pool.sync()
    const [target] = this.#targets(snapshot)
    const { inherited, own } =
      target === undefined
        ? await this.#datasetBytes(snapshot)
        : await this.#fileBytes(snapshot, join(target, path))
    return { layer: 'shared', sharedBytes: inherited, exclusiveBytes: own }
  }

  allocated(): Promise<Usage> {
    return this.#parts.pool.allocated()
  }

  settle(): Promise<void> {
    return this.#parts.pool.settle()
  }

  async forget(): Promise<void> {
    const places = this.#catalog.all().flatMap((snapshot): RemountTarget[] => {
      const mounts = this.#mountsOf(snapshot)
      return this.#targets(snapshot).map((target) => ({ mounts, target }))
    })
    await whileUnmounted(this.#parts.host, places, () => this.#parts.pool.reload())
  }

  async condition(): Promise<Condition> {
    const { arc } = this.#parts
    return { details: { arcLimit: arc.counter('c_max'), arcSize: arc.counter('size') } }
  }

  /** Throws `driver.busy` while a snapshot is mounted. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts.close()
  }

  async #create(kind: 'active' | 'view', key: string, parent: string | null): Promise<readonly Mount[]> {
    const snapshot = this.#catalog.create(kind, key, parent)
    try {
      await this.#makeDataset(snapshot)
    } catch (error) {
      this.#catalog.remove(key)
      throw error
    }
    return this.#mountsOf(snapshot)
  }

  /** The same commands in the same order as Docker's: daemon/graphdriver/zfs/zfs.go, cloneFilesystem. */
  async #makeDataset(snapshot: Snapshot): Promise<void> {
    const { pool } = this.#parts
    const dataset = this.#dataset(snapshot)
    const origin = this.#origin(snapshot)
    if (origin === null) {
      await pool.zfs('create', '-o', 'mountpoint=legacy', dataset)
      return
    }
    await pool.zfs('snapshot', origin)
    try {
      await pool.zfs('clone', '-o', 'mountpoint=legacy', origin, dataset)
    } finally {
      await pool.zfs('destroy', '-d', origin)
    }
  }

  async #written(snapshot: Snapshot): Promise<number> {
    const origin = this.#origin(snapshot)
    return await this.#property(origin === null ? 'referenced' : `written@${origin}`, this.#dataset(snapshot))
  }

  async #datasetBytes(snapshot: Snapshot) {
    const own = await this.#written(snapshot)
    return { own, inherited: (await this.#property('referenced', this.#dataset(snapshot))) - own }
  }

  /** A file's inode number is the number of its object in the dataset. */
  async #fileBytes(snapshot: Snapshot, file: string) {
    const { host, pool } = this.#parts
    const origin = this.#origin(snapshot)
    const bornAfter = origin === null ? 0 : await this.#property('createtxg', origin)
    // In no cache file, so it has to be looked for on its device, like a pool that is exported.
    const where = ['-e', '-p', pool.device]
    const object = String(statSync(file).ino)
    const { stdout } = await host.run('zdb', [...where, '-ddddd', this.#dataset(snapshot), object])
    return recordBytes(stdout, bornAfter)
  }

  async #property(name: string, dataset: string): Promise<number> {
    return Number(await this.#parts.pool.zfs('get', '-Hp', '-o', 'value', name, dataset))
  }

  #dataset(snapshot: Snapshot): string {
    return `${this.#parts.pool.name}/${snapshot.id}`
  }

  /** The snapshot of the parent that this one is the clone of; null: it is none. */
  #origin(snapshot: Snapshot): string | null {
    return snapshot.parent === null ? null : `${this.#dataset(snapshot.parent)}@${snapshot.id}`
  }

  #mountsOf(snapshot: Snapshot): readonly Mount[] {
    const access = snapshot.kind === 'active' ? [] : ['ro']
    const options = [...this.#parts.mountOptions, ...access]
    return [{ type: 'zfs', source: this.#dataset(snapshot), options }]
  }

  #targets(snapshot: Snapshot): string[] {
    const source = this.#dataset(snapshot)
    return readMounts()
      .filter((mount) => mount.source === source)
      .map((mount) => mount.target)
  }

  /** zfs-destroy(8) unmounts what is mounted in its namespace without a word. */
  #requireUnmounted(snapshot: Snapshot): void {
    if (isSourceMounted(this.#dataset(snapshot))) {
      throw driverError('busy', `snapshot ${snapshot.name} is mounted`)
    }
  }
}
