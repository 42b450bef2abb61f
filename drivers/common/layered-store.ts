/**
 * A store whose snapshots are directories that hold only what they changed, stacked by a union file system: the
 * kernel's overlay, or one in user space.
 *
 * A snapshot's folder is `<store>/<id>`: `d` holds its files, `w` is the union's working directory. The names are
 * that short because all lower directories of a mount share one page of options (mount(2)).
 */
import { chmodSync, chownSync, lstatSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Host } from '../../harness/contracts/host.ts'
import type { Condition, HiddenBy, Mount, Snapshotter, Usage } from '../../harness/contracts/snapshotter.ts'
import type { Provenance } from '../../harness/contracts/witness.ts'
import { extentBytes } from '../../harness/linux/fiemap.ts'
import { isSourceMounted, readMounts } from '../../harness/linux/mountinfo.ts'
import type { MountedBacking } from './backing.ts'
import { createBindCounter, type BindCounter } from './bind-counter.ts'
import { ancestors, createCatalog, driverError, type Catalog, type Snapshot } from './catalog.ts'
import { exists } from './exists.ts'
import { hiddenBy } from './hidden-by.ts'
import { removeTree } from './remove-tree.ts'
import { treeUsage } from './tree-usage.ts'

/** The directories of one snapshot, to be mounted as one tree. */
export interface Stack {
  /** Unique. To be the mount's source in the mount table: by it the store knows that the snapshot is in use. */
  readonly name: string
  /** Nearest first. At least one; at least two where there is no upper. */
  readonly lowers: readonly string[]
  /** Null for a view. */
  readonly upper: string | null
  /** Beside the upper. Null for a view, and where the union needs none. */
  readonly work: string | null
}

/** A union: it stacks the directories. */
export interface Union {
  readonly needsWorkDirectory: boolean
  /** Returns the mounts; several, in order, where one call of mount(2) cannot take all layers. */
  mount(stack: Stack): Mount | readonly Mount[]
  /** Makes ready a working directory that has been mounted before. */
  renewWorkDirectory?(directory: string): void
  /** Takes away what a mount left in the upper directory beside files and whiteouts, before that becomes a layer. */
  seal?(files: string): void
  /** Whether what was mounted under this name still is, where the mount table does not tell the name. */
  isMounted?(name: string): boolean
  /** Returns what a container's mount shows of its options in the mount table, for the witness. */
  condition?(superOptions: string): Condition
  /** True where the upper has all that was changed, as the kernel's overlay keeps it: no content and no name remains below. */
  readonly keepsChanges?: boolean
  /** True where the upper's file has attributes of its own and the lower's content. */
  isMetadataOnly?(file: string): boolean
  /** Storage of committed layers, if it is not the directory that they were written in. */
  readonly packed?: PackedLayers
}

/** Committed layers by the snapshot's id, each packed into a file that takes the place of its directory. */
export interface PackedLayers extends AsyncDisposable {
  /** Packs the files of a directory, or leaves nothing of it. */
  add(id: string, files: string): Promise<void>
  /** Throws EBUSY, and leaves it whole, when something stands on it. */
  remove(id: string): Promise<void>
  /** The directory that shows a layer. */
  root(id: string): string
  /** Packed form of the layer. */
  image(id: string): string
  /** How often a layer is mounted in other places than its own. */
  countBinds(id: string): number
}

export function createLayeredStore(host: Host, backing: MountedBacking, union: Union): Snapshotter {
  return new LayeredStore(host, backing, union)
}

class LayeredStore implements Snapshotter {
  readonly store
  readonly #host: Host
  readonly #backing: MountedBacking
  readonly #union: Union
  readonly #catalog: Catalog = createCatalog()
  readonly #binds: BindCounter

  constructor(host: Host, backing: MountedBacking, union: Union) {
    this.#host = host
    this.#backing = backing
    this.#union = union
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

  /**
   * The working directory goes: what overlay's index keeps there would count as links of the layer's files. What cannot
   * be packed stays what it was.
   */
  async commit(name: string, key: string): Promise<void> {
    const snapshot = this.#catalog.get(key)
    this.#requireUnmounted(snapshot)
    const packed = snapshot.kind === 'active' ? this.#union.packed : undefined
    await packed?.add(snapshot.id, this.#files(snapshot))
    try {
      this.#catalog.commit(name, key)
    } catch (error) {
      await packed?.remove(snapshot.id)
      throw error
    }
    this.#union.seal?.(this.#files(snapshot))
    if (this.#hasWorkDirectory(snapshot)) removeTree(this.#work(snapshot))
    if (packed !== undefined) removeTree(this.#files(snapshot))
  }

  async mounts(key: string): Promise<readonly Mount[]> {
    const snapshot = this.#catalog.get(key)
    if (snapshot.kind === 'active' && this.#hasWorkDirectory(snapshot)) {
      this.#union.renewWorkDirectory?.(this.#work(snapshot))
    }
    return this.#mountsOf(snapshot)
  }

  async remove(key: string): Promise<void> {
    const snapshot = this.#catalog.requireLeaf(key)
    this.#requireUnmounted(snapshot)
    if (snapshot.kind === 'committed') await this.#union.packed?.remove(snapshot.id)
    if (snapshot.kind !== 'view') removeTree(this.#folder(snapshot))
    this.#catalog.remove(key)
  }

  async usage(key: string): Promise<Usage> {
    const snapshot = this.#catalog.get(key)
    if (snapshot.kind === 'view') return { bytes: 0, inodes: 0 }
    const packed = snapshot.kind === 'committed' ? this.#union.packed : undefined
    return treeUsage(packed?.image(snapshot.id) ?? this.#files(snapshot))
  }

  async provenance(key: string, path: string): Promise<Provenance> {
    const snapshot = this.#catalog.get(key)
    const file = join(this.#files(snapshot), path)
    if (snapshot.kind === 'view' || !exists(file)) {
      return { layer: 'lower', sharedBytes: null, exclusiveBytes: 0 }
    }
    if (this.#union.isMetadataOnly?.(file)) {
      return { layer: 'upper', sharedBytes: null, exclusiveBytes: 0 }
    }
    return { layer: 'upper', ...extentBytes(this.#host.syscalls, file) }
  }

  async changes(key: string): Promise<string | null> {
    const snapshot = this.#catalog.get(key)
    const inUpper = this.#union.keepsChanges === true && snapshot.kind === 'active'
    return inUpper ? this.#files(snapshot) : null
  }

  async hiddenBy(key: string, path: string): Promise<HiddenBy | null> {
    return hiddenBy(this.#host.syscalls, this.#files(this.#catalog.get(key)), path)
  }

  /**
   * The kernel's overlay shows that file's own pages; a union in user space reads it and keeps pages of its own. Of a
   * packed layer, what it is packed into is read through a cache of its own, too.
   */
  async backingCacheFiles(key: string): Promise<(path: string) => readonly string[]> {
    const snapshot = this.#catalog.get(key)
    const { packed } = this.#union
    const layers = ancestors(snapshot)
    return (path) => {
      const own = join(this.#files(snapshot), path)
      if (exists(own)) return packed === undefined ? [own] : []
      const layer = layers.find((one) => exists(join(this.#root(one), path)))
      if (layer === undefined) return []
      return [packed?.image(layer.id) ?? join(this.#root(layer), path)]
    }
  }

  /** Asks the mount table about every container that is mounted by the union. */
  async condition(): Promise<Condition> {
    const { condition } = this.#union
    if (condition === undefined) return {}
    const containers = this.#catalog.all().filter(({ kind, parent }) => kind === 'active' && parent !== null)
    const sources = new Set(containers.map((snapshot) => this.#folder(snapshot)))
    const shown = readMounts().filter(({ source }) => sources.has(source))
    const conditions = shown.map(({ superOptions }) => condition(superOptions))
    return conditions.find(({ failure }) => failure !== undefined) ?? conditions[0] ?? {}
  }

  async allocated(): Promise<Usage> {
    return this.#backing.used()
  }

  async settle(): Promise<void> {
    await this.#backing.settle(this.#catalog.atRest())
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#union.packed?.[Symbol.asyncDispose]()
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

  /** Returns the folder that shows the files of a committed layer. */
  #root(layer: Snapshot): string {
    return this.#union.packed?.root(layer.id) ?? this.#files(layer)
  }

  #hasWorkDirectory(snapshot: Snapshot): boolean {
    return this.#union.needsWorkDirectory && snapshot.parent !== null
  }

  /** A union shows the upper's root, so mode and owner of the parent's root pass to it. */
  #makeDirectories(snapshot: Snapshot): void {
    const files = this.#files(snapshot)
    mkdirSync(this.#folder(snapshot))
    mkdirSync(files)
    if (this.#hasWorkDirectory(snapshot)) mkdirSync(this.#work(snapshot))
    const { mode, uid, gid } =
      snapshot.parent === null ? { mode: 0o755, uid: 0, gid: 0 } : lstatSync(this.#root(snapshot.parent))
    chownSync(files, uid, gid)
    chmodSync(files, mode & 0o7777)
  }

  /** Returns the mounts of a snapshot. A single directory needs no union: it is bound itself, as containerd does. */
  #mountsOf(snapshot: Snapshot): readonly Mount[] {
    const lowers = ancestors(snapshot).map((layer) => this.#root(layer))
    if (snapshot.kind === 'view') {
      const [only = '', ...others] = lowers
      if (others.length === 0) return [bind(only, 'ro')]
      return [this.#union.mount({ name: this.#folder(snapshot), lowers, upper: null, work: null })].flat()
    }
    const upper = this.#files(snapshot)
    if (lowers.length === 0) return [bind(upper, 'rw')]
    const work = this.#hasWorkDirectory(snapshot) ? this.#work(snapshot) : null
    return [this.#union.mount({ name: this.#folder(snapshot), lowers, upper, work })].flat()
  }

  /** The kernel removes what a mounted union stands on without a word. */
  #requireUnmounted(snapshot: Snapshot): void {
    if (this.#isMounted(snapshot)) throw driverError('busy', `snapshot ${snapshot.name} is mounted`)
  }

  #isMounted(snapshot: Snapshot): boolean {
    const { kind, parent } = snapshot
    if (parent === null) return this.#binds.count(this.#files(snapshot)) > 0
    if (kind === 'view' && parent.parent === null) {
      // All views of a single layer show one directory. With as many mounts as views, this one's is among them.
      const views = this.#catalog.all().filter((other) => other.kind === 'view' && other.parent === parent)
      const mounts = this.#union.packed?.countBinds(parent.id) ?? this.#binds.count(this.#files(parent))
      return mounts >= views.length
    }
    const name = this.#folder(snapshot)
    return this.#union.isMounted?.(name) ?? isSourceMounted(name)
  }
}

function bind(source: string, access: 'ro' | 'rw'): Mount {
  return { type: 'bind', source, options: ['bind', access] }
}
