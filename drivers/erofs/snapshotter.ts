/**
 * Snapshots over EROFS images. A snapshot's folder is `<store>/<id>`: `d` holds its files and `w` is overlay's working
 * directory, until it is committed and an image takes the place of both.
 */
import { chmodSync, chownSync, lstatSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Host } from '../../harness/contracts/host.ts'
import type { Mount, Provenance, Snapshotter, Usage } from '../../harness/contracts/snapshotter.ts'
import { errnoOf } from '../../harness/contracts/syscalls.ts'
import type { MountedBacking } from '../common/backing.ts'
import { ancestors, createCatalog, driverError, type Catalog, type Snapshot } from '../common/catalog.ts'
import { createBindCounter, isSourceMounted, type BindCounter } from '../common/mount-table.ts'
import { extentBytes } from '../common/provenance.ts'
import { removeTree } from '../common/remove-tree.ts'
import { treeUsage } from '../common/tree-usage.ts'
import type { Layers } from './layers.ts'
import { OVERLAY_OPTIONS } from './options.ts'

export class ErofsSnapshotter implements Snapshotter {
  readonly store
  readonly #host: Host
  readonly #backing: MountedBacking
  readonly #layers: Layers
  readonly #catalog: Catalog = createCatalog()
  readonly #binds: BindCounter

  constructor(host: Host, backing: MountedBacking, layers: Layers) {
    this.#host = host
    this.#backing = backing
    this.#layers = layers
    this.#binds = createBindCounter(backing.path)
    this.store = { path: backing.path, devices: [backing.device] }
  }

  async prepare(key: string, parent: string | null): Promise<readonly Mount[]> {
    const snapshot = this.#catalog.create('active', key, parent)
    try {
      this.#makeDirectories(snapshot)
    } catch (error) {
      this.#catalog.remove(key)
      throw error
    }
    return this.#mountsOf(snapshot)
  }

  async view(key: string, parent: string): Promise<readonly Mount[]> {
    return this.#mountsOf(this.#catalog.create('view', key, parent))
  }

  /** What cannot become an image stays what it was. */
  async commit(name: string, key: string): Promise<void> {
    const snapshot = this.#catalog.get(key)
    this.#requireUnmounted(snapshot)
    const { id, kind } = snapshot
    if (kind === 'active') await this.#layers.add(id, this.#files(snapshot))
    try {
      this.#catalog.commit(name, key)
    } catch (error) {
      if (kind === 'active') await this.#layers.remove(id)
      throw error
    }
    removeTree(this.#files(snapshot))
    if (snapshot.parent !== null) removeTree(this.#work(snapshot))
  }

  async mounts(key: string): Promise<readonly Mount[]> {
    return this.#mountsOf(this.#catalog.get(key))
  }

  async remove(key: string): Promise<void> {
    const snapshot = this.#catalog.requireLeaf(key)
    this.#requireUnmounted(snapshot)
    if (snapshot.kind === 'committed') await this.#layers.remove(snapshot.id)
    if (snapshot.kind !== 'view') removeTree(this.#folder(snapshot))
    this.#catalog.remove(key)
  }

  /** Of a layer, what its image takes. */
  async usage(key: string): Promise<Usage> {
    const snapshot = this.#catalog.get(key)
    if (snapshot.kind === 'view') return { bytes: 0, inodes: 0 }
    // Delayed allocations count only once they are written back.
    this.#backing.sync()
    return treeUsage(snapshot.kind === 'committed' ? this.#layers.image(snapshot.id) : this.#files(snapshot))
  }

  async provenance(key: string, path: string): Promise<Provenance> {
    const snapshot = this.#catalog.get(key)
    const file = join(this.#files(snapshot), path)
    if (snapshot.kind !== 'active' || !exists(file)) {
      return { layer: 'lower', sharedBytes: null, exclusiveBytes: 0 }
    }
    return { layer: 'upper', ...extentBytes(this.#host, file) }
  }

  /** The kernel reads images through their page cache, from the file and by the loop device alike. */
  async beneath(key: string, path: string): Promise<readonly string[]> {
    const snapshot = this.#catalog.get(key)
    if (exists(join(this.#files(snapshot), path))) return []
    const layer = ancestors(snapshot).find(({ id }) => exists(join(this.#layers.root(id), path)))
    return layer === undefined ? [] : [this.#layers.image(layer.id)]
  }

  async allocated(): Promise<Usage> {
    return this.#backing.used()
  }

  async settle(): Promise<void> {
    await this.#backing.settle(this.#catalog.atRest())
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#layers[Symbol.asyncDispose]()
    await this.#backing[Symbol.asyncDispose]()
  }

  #folder(snapshot: Snapshot): string {
    return `${this.#backing.path}/${snapshot.id}`
  }

  #files(snapshot: Snapshot): string {
    return `${this.#folder(snapshot)}/d`
  }

  #work(snapshot: Snapshot): string {
    return `${this.#folder(snapshot)}/w`
  }

  /** Overlay shows the upper's root, so mode and owner of the parent's root pass to it. */
  #makeDirectories(snapshot: Snapshot): void {
    const { parent } = snapshot
    const files = this.#files(snapshot)
    mkdirSync(this.#folder(snapshot))
    mkdirSync(files)
    if (parent !== null) mkdirSync(this.#work(snapshot))
    const { mode, uid, gid } =
      parent === null ? { mode: 0o755, uid: 0, gid: 0 } : lstatSync(this.#layers.root(parent.id))
    chownSync(files, uid, gid)
    chmodSync(files, mode & 0o7777)
  }

  /** Without a layer below, and for a view of a single layer, there is nothing to stack. */
  #mountsOf(snapshot: Snapshot): readonly Mount[] {
    const lowers = ancestors(snapshot).map(({ id }) => this.#layers.root(id))
    const [nearest] = lowers
    if (nearest === undefined) return [bind(this.#files(snapshot), 'rw')]
    const isView = snapshot.kind === 'view'
    if (isView && lowers.length === 1) return [bind(nearest, 'ro')]
    const writable = [`upperdir=${this.#files(snapshot)}`, `workdir=${this.#work(snapshot)}`]
    const options = [`lowerdir=${lowers.join(':')}`, ...(isView ? [] : writable), ...OVERLAY_OPTIONS]
    return [{ type: 'overlay', source: this.#folder(snapshot), options }]
  }

  /** The kernel removes what a mounted overlay stands on without a word. */
  #requireUnmounted(snapshot: Snapshot): void {
    if (this.#isMounted(snapshot)) throw driverError('busy', `snapshot ${snapshot.name} is mounted`)
  }

  #isMounted(snapshot: Snapshot): boolean {
    const { kind, parent } = snapshot
    if (parent === null) return this.#binds.count(this.#files(snapshot)) > 0
    if (kind === 'view' && parent.parent === null) {
      // All views of a single layer show one mount. With as many binds of it as views, this one's is among them.
      const views = this.#catalog.all().filter((other) => other.kind === 'view' && other.parent === parent)
      return this.#layers.countBinds(parent.id) >= views.length
    }
    return isSourceMounted(this.#folder(snapshot))
  }
}

function bind(source: string, access: 'ro' | 'rw'): Mount {
  return { type: 'bind', source, options: ['bind', access] }
}

function exists(path: string): boolean {
  try {
    lstatSync(path)
    return true
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errnoOf(error) ?? '')) return false
    throw error
  }
}
