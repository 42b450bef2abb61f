/**
 * Snapshots of Docker, by its API. A container is created, and started to be mounted: a program of the host's that only waits is its
 * first process, bound below /dev, which is a file system in memory, so that nothing of it lies in the container's layer.
 *
 * What has no parent is a folder: a base image comes to Docker as an archive, and its commit is `docker import`. In a container
 * Docker's own layer of mount points would lie below it.
 */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Host } from '../../harness/contracts/host.ts'
import type { Condition, HiddenBy, Mount, Snapshotter, Usage } from '../../harness/contracts/snapshotter.ts'
import type { Provenance } from '../../harness/contracts/witness.ts'
import type { MountedBacking } from '../common/backing.ts'
import { createCatalog, driverError, type Catalog, type Snapshot } from '../common/catalog.ts'
import {
  fileBehind,
  hiddenInUnion,
  mountedAs,
  provenanceOf,
  untilSnapshotsFreed,
  type Keeping,
  type Places,
} from '../common/engine/evidence.ts'
import { naiveDiff, withWarnings } from '../common/engine/overlay-condition.ts'
import { removeTree } from '../common/remove-tree.ts'
import { treeUsage } from '../common/tree-usage.ts'
import { mountIdOf, type Docker } from './daemon.ts'

const WAIT = '/dev/busybox'

/** Files of the layer that Docker puts between image and container, where the image has none: daemon/initlayer/setup_unix.go. */
export const INIT_LAYER: ReadonlySet<string> = new Set([
  '.dockerenv',
  'dev',
  'dev/console',
  'dev/pts',
  'dev/shm',
  'etc',
  'etc/hostname',
  'etc/hosts',
  'etc/mtab',
  'etc/resolv.conf',
  'proc',
  'sys',
])

export interface DockerTraits {
  /** Its own name of the storage driver. */
  storageDriver: string
  /** The configuration, for messages. */
  text: string
  keeping: Keeping
  /** Type of file system that a container is to be mounted as. */
  mountType: string
  /** The directory that shows a container's files while it runs, and that of its own ones; `id` is the storage driver's. */
  shown(id: string): string
  own(id: string): string
  /** The directories that a union stacks below, nearest first. */
  lowers(id: string): readonly string[]
  /** Whether a container's own folder has all that it changed, as the kernel's overlay keeps it. */
  keepsChanges: boolean
  /** Path of a static busybox. */
  busybox: string
}

export class DockerSnapshotter implements Snapshotter {
  readonly store
  readonly hiddenBy?: (key: string, path: string) => Promise<HiddenBy | null>
  readonly backingCacheFiles?: (key: string) => Promise<(path: string) => readonly string[]>
  readonly #host: Host
  readonly #backing: MountedBacking
  readonly #docker: Docker
  readonly #traits: DockerTraits
  readonly #catalog: Catalog = createCatalog()
  /** Docker's ids of images, by the snapshot's id. */
  readonly #images = new Map<string, string>()
  readonly #containers = new Map<string, string>()
  /** Mount points of what is mounted, by the snapshot's id. */
  readonly #attached = new Map<string, string>()
  #open = true

  constructor(host: Host, backing: MountedBacking, docker: Docker, traits: DockerTraits) {
    this.#host = host
    this.#backing = backing
    this.#docker = docker
    this.#traits = traits
    this.store = { path: backing.path, devices: [backing.device], adds: INIT_LAYER }
    if (traits.keeping === 'union') {
      this.hiddenBy = async (key, path) => hiddenInUnion(host.syscalls, this.#places(key), path)
    }
    if (traits.mountType.startsWith('fuse.')) {
      this.backingCacheFiles = async (key) => {
        const places = this.#places(key)
        return (path) => fileBehind(places, path)
      }
    }
  }

  async prepare(key: string, parent: string | null): Promise<readonly Mount[]> {
    return this.#create('active', key, parent)
  }

  /** A container whose root is read-only, as `docker run --read-only`: there is no other view of an image. */
  async view(key: string, parent: string): Promise<readonly Mount[]> {
    return this.#create('view', key, parent)
  }

  /** `docker commit`, and `docker rm` of the container; `docker import` of what has no parent. */
  async commit(name: string, key: string): Promise<void> {
    const snapshot = this.#catalog.requireCommittable(name, key)
    const id =
      snapshot.parent === null ? await this.#importImage(snapshot) : await this.#commitImage(snapshot)
    await this.#removeActive(snapshot)
    this.#catalog.commit(name, key)
    this.#images.set(snapshot.id, id)
  }

  async mounts(key: string): Promise<readonly Mount[]> {
    return this.#mountsOf(this.#catalog.get(key))
  }

  async attach(key: string, target: string): Promise<void> {
    const snapshot = this.#catalog.get(key)
    const source = snapshot.parent === null ? this.#folder(snapshot) : await this.#start(snapshot)
    const access = snapshot.kind === 'view' ? 'ro' : 'rw'
    await this.#host.mount([{ type: 'bind', source, options: ['bind', access] }], target)
    this.#attached.set(snapshot.id, target)
  }

  async detach(key: string, target: string): Promise<void> {
    const snapshot = this.#catalog.get(key)
    await this.#host.unmount(target)
    if (snapshot.parent !== null) await this.#end(snapshot)
    this.#attached.delete(snapshot.id)
  }

  async remove(key: string): Promise<void> {
    const snapshot = this.#catalog.requireLeaf(key)
    if (snapshot.kind === 'committed') {
      await this.#docker.api.call('DELETE', `/images/${this.#imageOf(snapshot)}?noprune=true`)
      this.#images.delete(snapshot.id)
    } else {
      if (this.#attached.has(snapshot.id)) throw driverError('busy', `snapshot ${key} is mounted`)
      await this.#removeActive(snapshot)
    }
    this.#catalog.remove(key)
  }

  /** As `docker ps --size` and `docker history` ask. */
  async usage(key: string): Promise<Usage> {
    const snapshot = this.#catalog.get(key)
    if (snapshot.kind === 'view') return { bytes: 0, inodes: 0 }
    if (snapshot.kind === 'committed') {
      const below = snapshot.parent === null ? 0 : await this.#sizeOf(snapshot.parent)
      return { bytes: (await this.#sizeOf(snapshot)) - below, inodes: null }
    }
    if (snapshot.parent === null) return treeUsage(this.#folder(snapshot))
    const path = `/containers/${this.#containerOf(snapshot)}/json?size=true`
    const { SizeRw = 0 } = await this.#docker.api.call<{ SizeRw?: number }>('GET', path)
    return { bytes: SizeRw, inodes: null }
  }

  async changes(key: string): Promise<string | null> {
    const { kind } = this.#catalog.get(key)
    return this.#traits.keepsChanges && kind === 'active' ? this.#places(key).own : null
  }

  async provenance(key: string, path: string): Promise<Provenance> {
    const { kind } = this.#catalog.get(key)
    const { keeping } = this.#traits
    if (keeping !== 'union') await this.#backing.sync()
    return provenanceOf(this.#host.syscalls, keeping, this.#places(key), path, kind === 'view')
  }

  async condition(): Promise<Condition> {
    const failure = this.#docker.daemon.failure()
    if (failure !== undefined) return { failure }
    const containers = this.#catalog.all().filter(({ kind, parent }) => kind === 'active' && parent !== null)
    const conditions = containers
      .map(({ id }) => this.#attached.get(id))
      .filter((target) => target !== undefined)
      .map((target) => mountedAs(target, this.#traits.mountType, this.#traits))
    const condition = conditions.find((one) => one.failure !== undefined) ?? conditions[0] ?? {}
    return withWarnings(
      condition,
      naiveDiff(this.#traits.text, this.#docker.status.get('Native Overlay Diff')),
    )
  }

  async allocated(): Promise<Usage> {
    return this.#backing.used()
  }

  async settle(): Promise<void> {
    if (this.#traits.keeping === 'snapshot')
      await untilSnapshotsFreed(this.#host.syscalls, this.#backing.path)
    await this.#backing.settle(this.#catalog.atRest())
  }

  /** A daemon that is asked to end waits seconds for containers, so they end before. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#open) {
      this.#open = false
      if (this.#docker.daemon.failure() === undefined) {
        for (const snapshot of this.#catalog.all())
          if (this.#attached.has(snapshot.id) && snapshot.parent !== null) await this.#end(snapshot)
      }
      await this.#docker[Symbol.asyncDispose]()
    }
    await this.#backing[Symbol.asyncDispose]()
  }

  async #create(kind: 'active' | 'view', key: string, parent: string | null): Promise<readonly Mount[]> {
    const snapshot = this.#catalog.create(kind, key, parent)
    try {
      if (snapshot.parent === null) mkdirSync(this.#folder(snapshot), { recursive: true })
      else this.#containers.set(snapshot.id, await this.#createContainer(snapshot.parent, kind === 'view'))
    } catch (error) {
      this.#catalog.remove(key)
      throw error
    }
    return this.#mountsOf(snapshot)
  }

  async #createContainer(image: Snapshot, readOnly: boolean): Promise<string> {
    const { Id } = await this.#docker.api.call<{ Id: string }>('POST', '/containers/create', {
      Image: this.#imageOf(image),
      Cmd: [WAIT, 'sleep', '2147483647'],
      NetworkDisabled: true,
      HostConfig: {
        NetworkMode: 'none',
        Binds: [`${this.#traits.busybox}:${WAIT}:ro`],
        LogConfig: { Type: 'none' },
        ReadonlyRootfs: readOnly,
      },
    })
    return Id
  }

  /** Starts the container and returns the directory that shows its files. */
  async #start(snapshot: Snapshot): Promise<string> {
    await this.#docker.api.call('POST', `/containers/${this.#containerOf(snapshot)}/start`)
    return this.#traits.shown(this.#mountId(snapshot))
  }

  async #commitImage(snapshot: Snapshot): Promise<string> {
    const path = `/commit?container=${this.#containerOf(snapshot)}&pause=false`
    const { Id } = await this.#docker.api.call<{ Id: string }>('POST', path, {})
    return Id
  }

  async #importImage(snapshot: Snapshot): Promise<string> {
    const tar = `${this.#folder(snapshot)}.tar`
    try {
      const from = ['--directory', this.#folder(snapshot), '.']
      await this.#host.run('tar', ['--create', '--format=pax', '--numeric-owner', '--file', tar, ...from])
      const { status } = await this.#docker.api.sendFile<{ status: string }>('/images/create?fromSrc=-', tar)
      return status
    } finally {
      rmSync(tar, { force: true })
    }
  }

  /** Ends the container; its file system is unmounted when it has stopped. */
  async #end(snapshot: Snapshot): Promise<void> {
    const { api } = this.#docker
    const container = this.#containerOf(snapshot)
    await api.call('POST', `/containers/${container}/kill`)
    await api.call('POST', `/containers/${container}/wait?condition=not-running`)
  }

  async #removeActive(snapshot: Snapshot): Promise<void> {
    if (snapshot.parent === null) return removeTree(this.#folder(snapshot))
    await this.#docker.api.call('DELETE', `/containers/${this.#containerOf(snapshot)}?v=true`)
    this.#containers.delete(snapshot.id)
  }

  #containerOf({ id }: Snapshot): string {
    return this.#containers.get(id) ?? ''
  }

  #imageOf({ id }: Snapshot): string {
    return this.#images.get(id) ?? ''
  }

  /** Returns the bytes of an image and all below it. */
  async #sizeOf(image: Snapshot): Promise<number> {
    const { Size } = await this.#docker.api.call<{ Size: number }>(
      'GET',
      `/images/${this.#imageOf(image)}/json`,
    )
    return Size
  }

  #mountId(snapshot: Snapshot): string {
    return mountIdOf(this.#docker.root, this.#traits.storageDriver, this.#containerOf(snapshot))
  }

  /** The files of what has no parent. */
  #folder({ id }: Snapshot): string {
    return join(this.#backing.path, 'base', id)
  }

  #places(key: string): Places {
    const snapshot = this.#catalog.get(key)
    if (snapshot.parent === null) return { own: this.#folder(snapshot), lowers: [] }
    const id = this.#mountId(snapshot)
    return { own: this.#traits.own(id), lowers: this.#traits.lowers(id) }
  }

  #mountsOf({ kind, id, parent }: Snapshot): readonly Mount[] {
    const { keeping, mountType } = this.#traits
    const type = keeping === 'union' && parent !== null ? mountType : 'bind'
    return [{ type, source: `container ${id}`, options: [kind === 'view' ? 'ro' : 'rw'] }]
  }
}
