/**
 * A store whose snapshots are plain directories, each with the whole tree: preparing on a parent copies all of it.
 *
 * A committed layer keeps its own full copy, since any of them may become a parent again. Moving or hard-linking the
 * parent's files into its child would save the space and break that: a write to the child would change the parent.
 */
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Backing } from '../../harness/contracts/driver.ts'
import type { Host } from '../../harness/contracts/host.ts'
import type { Mount, Snapshotter, Usage } from '../../harness/contracts/snapshotter.ts'
import type { Provenance } from '../../harness/contracts/witness.ts'
import { extentBytes } from '../../harness/linux/fiemap.ts'
import type { MountedBacking } from './backing.ts'
import { createBindCounter, type BindCounter } from './bind-counter.ts'
import { createCatalog, driverError, type Catalog, type Snapshot } from './catalog.ts'
import { copyTree, type ContentCopy } from './copy-tree.ts'
import { whileUnmounted, type RemountTarget } from './remount.ts'
import { removeTree } from './remove-tree.ts'
import { treeUsage } from './tree-usage.ts'

/** Returns how a store on `backing` copies files whole: with shared extents where it may and can, else never sharing. */
export function contentCopy(backing: Backing, reflink: boolean): ContentCopy {
  if (backing === 'ext4') return 'kernel'
  return reflink ? 'clone' : 'buffer'
}

export function createDirectoryStore(host: Host, backing: MountedBacking, content: ContentCopy): Snapshotter {
  return new DirectoryStore(host, backing, content)
}

class DirectoryStore implements Snapshotter {
  readonly store
  readonly forget?: () => Promise<void>
  readonly #host: Host
  readonly #backing: MountedBacking
  readonly #content: ContentCopy
  readonly #catalog: Catalog = createCatalog()
  readonly #binds: BindCounter

  constructor(host: Host, backing: MountedBacking, content: ContentCopy) {
    this.#host = host
    this.#backing = backing
    this.#content = content
    this.#binds = createBindCounter(backing.path)
    this.store = { path: backing.path, devices: [backing.device] }
    const forget = backing.forget?.bind(backing)
    if (forget !== undefined) this.forget = () => whileUnmounted(host, this.#mounted(), forget)
  }

  async prepare(key: string, parent: string | null): Promise<readonly Mount[]> {
    const snapshot = this.#catalog.create('active', key, parent)
    const directory = this.#directory(snapshot)
    try {
      if (snapshot.parent === null) mkdirSync(directory)
      else copyTree(this.#host.syscalls, this.#directory(snapshot.parent), directory, this.#content)
    } catch (error) {
      this.#catalog.remove(key)
      if (existsSync(directory)) removeTree(directory)
      throw error
    }
    return this.#mountsOf(snapshot)
  }

  /** Nothing writes through a view, so it shows the parent's own directory, as containerd's native snapshotter does. */
  async view(key: string, parent: string): Promise<readonly Mount[]> {
    return this.#mountsOf(this.#catalog.create('view', key, parent))
  }

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
    if (snapshot.kind !== 'view') removeTree(this.#directory(snapshot))
    this.#catalog.remove(key)
  }

  /** A walk, as containerd's native snapshotter does it: extents that a clone shares with its parent count, too. */
  async usage(key: string): Promise<Usage> {
    const snapshot = this.#catalog.get(key)
    if (snapshot.kind === 'view') return { bytes: 0, inodes: 0 }
    return treeUsage(this.#directory(snapshot))
  }

  /**
   * The file has been the container's own since prepare, even where it is a clone that shares its extents still; but
   * not where it was to be copied and shares them.
   */
  async provenance(key: string, path: string): Promise<Provenance> {
    const snapshot = this.#catalog.get(key)
    await this.#backing.sync()
    const file = join(this.#directory(snapshot), path)
    const bytes = this.#backing.bytesOf?.(file) ?? extentBytes(this.#host.syscalls, file)
    const asMade = this.#content === 'clone' || bytes.sharedBytes === 0
    return { layer: snapshot.kind === 'view' ? 'lower' : asMade ? 'own' : 'shared', ...bytes }
  }

  async allocated(): Promise<Usage> {
    return this.#backing.used()
  }

  async settle(): Promise<void> {
    await this.#backing.settle(this.#catalog.atRest())
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#backing[Symbol.asyncDispose]()
  }

  /** A parent and its views have one directory and, all being read-only, one way of mounting it. */
  #mounted(): RemountTarget[] {
    const shown = new Map(
      this.#catalog.all().map((snapshot) => [this.#directory(snapshot), this.#mountsOf(snapshot)]),
    )
    return [...shown].flatMap(([directory, mounts]) =>
      this.#binds.targets(directory).map((target) => ({ mounts, target })),
    )
  }

  /** Directory of the snapshot; a view has its parent's. */
  #directory(snapshot: Snapshot): string {
    const holder = snapshot.kind === 'view' ? (snapshot.parent ?? snapshot) : snapshot
    return join(this.#backing.path, holder.id)
  }

  #mountsOf(snapshot: Snapshot): readonly Mount[] {
    const access = snapshot.kind === 'active' ? 'rw' : 'ro'
    return [{ type: 'bind', source: this.#directory(snapshot), options: ['bind', access] }]
  }

  /**
   * The kernel removes what lies in a directory that is mounted elsewhere without a word. Views of one parent show one
   * directory; with as many mounts of it as there are views, this view's is among them.
   */
  #requireUnmounted(snapshot: Snapshot): void {
    const mounted = this.#binds.count(this.#directory(snapshot))
    const views = this.#catalog
      .all()
      .filter((other) => other.kind === 'view' && other.parent === snapshot.parent)
    if (mounted >= (snapshot.kind === 'view' ? views.length : 1)) {
      throw driverError('busy', `snapshot ${snapshot.name} is mounted`)
    }
  }
}
