/**
 * Snapshots of Docker, by its API. A container is created, and started to be mounted: a program of the host's that only waits is its
 * first process, unless a scenario has planned another.
 *
 * What has no parent is a folder: a base image comes to Docker as an archive, and its commit is `docker import`. In a container
 * Docker's own layer of mount points would lie below it.
 */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Host } from '../../harness/contracts/host.ts'
import type { Usage } from '../../harness/contracts/snapshotter.ts'
import type { MountedBacking } from '../common/backing.ts'
import type { Snapshot } from '../common/catalog.ts'
import type { Places } from '../common/engine/evidence.ts'
import { MountingSnapshotter, type MountingTraits } from '../common/engine/mounting-snapshotter.ts'
import { removeTree } from '../common/remove-tree.ts'
import { treeUsage } from '../common/tree-usage.ts'
import { planned, waiting } from './container-config.ts'
import { mountIdOf, type Docker } from './daemon.ts'
import { INIT_LAYER } from './init-layer.ts'
import { createRuntime } from './runtime.ts'

export interface DockerTraits extends MountingTraits {
  /** Its own name of the storage driver. */
  storageDriver: string
  /** The directory that shows a container's files while it runs, and that of its own ones; `id` is the storage driver's. */
  shown(id: string): string
  own(id: string): string
  /** The directories that a union stacks below, nearest first. */
  lowers(id: string): readonly string[]
  /** Path of a static busybox. */
  busybox: string
}

export class DockerSnapshotter extends MountingSnapshotter {
  readonly runtime
  readonly #docker: Docker
  readonly #traits: DockerTraits
  /** Docker's ids of images and containers, by the snapshot's id. */
  readonly #images = new Map<string, string>()
  readonly #containers = new Map<string, string>()
  #open = true

  constructor(host: Host, backing: MountedBacking, docker: Docker, traits: DockerTraits) {
    super(host, backing, traits, { adds: INIT_LAYER, dropsAttributes: true })
    this.#docker = docker
    this.#traits = traits
    this.runtime = createRuntime(docker.api, this.plans, (id) => this.showPlanned(id))
  }

  /** `docker commit`, and `docker rm` of the container; `docker import` of what has no parent. */
  async commit(name: string, key: string): Promise<void> {
    const snapshot = this.catalog.requireCommittable(name, key)
    this.requireDetached(snapshot)
    const id =
      snapshot.parent === null ? await this.#importImage(snapshot) : await this.#commitImage(snapshot)
    await this.discard(snapshot)
    this.catalog.commit(name, key)
    this.#images.set(snapshot.id, id)
  }

  /** A daemon that is asked to end waits seconds for containers, so they end before. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#open) {
      this.#open = false
      if (this.failure() === undefined) {
        for (const snapshot of this.catalog.all())
          if (this.isAttached(snapshot.id)) await this.unmountOf(snapshot)
      }
      await this.#docker[Symbol.asyncDispose]()
    }
    await this.backing[Symbol.asyncDispose]()
  }

  protected failure() {
    return this.#docker.daemon.failure()
  }

  protected async make(snapshot: Snapshot): Promise<void> {
    const { name, kind, parent } = snapshot
    if (parent === null) return void mkdirSync(this.#folder(snapshot), { recursive: true })
    const plan = this.plans.of(name)
    const [path, body] =
      plan === undefined
        ? ['', waiting(this.#imageOf(parent), this.#traits.busybox, kind === 'view')]
        : [`?name=${plan.container.id}`, planned(this.#imageOf(parent), plan.container)]
    const { Id } = await this.#docker.api.call<{ Id: string }>('POST', `/containers/create${path}`, body)
    this.#containers.set(snapshot.id, Id)
  }

  protected async discard(snapshot: Snapshot): Promise<void> {
    if (snapshot.kind === 'committed') {
      await this.#docker.api.call('DELETE', `/images/${this.#imageOf(snapshot)}?noprune=true`)
      this.#images.delete(snapshot.id)
      return
    }
    if (snapshot.parent === null) return removeTree(this.#folder(snapshot))
    await this.#docker.api.call('DELETE', `/containers/${this.#containerOf(snapshot)}?v=true`)
    this.#containers.delete(snapshot.id)
  }

  protected async mountOf(snapshot: Snapshot): Promise<string> {
    if (snapshot.parent === null) return this.#folder(snapshot)
    await this.#docker.api.call('POST', `/containers/${this.#containerOf(snapshot)}/start`)
    return this.#traits.shown(this.#mountId(snapshot))
  }

  /** Ends the container; its file system is unmounted when it has stopped. */
  protected async unmountOf(snapshot: Snapshot): Promise<void> {
    if (snapshot.parent === null) return
    const { api } = this.#docker
    const container = this.#containerOf(snapshot)
    await api.call('POST', `/containers/${container}/kill`)
    await api.call('POST', `/containers/${container}/wait?condition=not-running`)
  }

  protected placesOf(snapshot: Snapshot): Places {
    if (snapshot.parent === null) return { own: this.#folder(snapshot), lowers: [] }
    const id = this.#mountId(snapshot)
    return { own: this.#traits.own(id), lowers: this.#traits.lowers(id) }
  }

  protected nameOf({ id }: Snapshot): string {
    return `container ${id}`
  }

  /** As `docker ps --size` and `docker history` ask. */
  protected async usageOf(snapshot: Snapshot): Promise<Usage> {
    const { kind, parent } = snapshot
    if (kind === 'committed') {
      const below = parent === null ? 0 : await this.#sizeOf(parent)
      return { bytes: (await this.#sizeOf(snapshot)) - below, inodes: null }
    }
    if (parent === null) return treeUsage(this.#folder(snapshot))
    const path = `/containers/${this.#containerOf(snapshot)}/json?size=true`
    const { SizeRw = 0 } = await this.#docker.api.call<{ SizeRw?: number }>('GET', path)
    return { bytes: SizeRw, inodes: null }
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
      await this.host.run('tar', ['--create', '--format=pax', '--numeric-owner', '--file', tar, ...from])
      const { status } = await this.#docker.api.sendFile<{ status: string }>('/images/create?fromSrc=-', tar)
      return status
    } finally {
      rmSync(tar, { force: true })
    }
  }

  #containerOf({ id }: Snapshot): string {
    return this.#containers.get(id) ?? ''
  }

  #imageOf({ id }: Snapshot): string {
    return this.#images.get(id) ?? ''
  }

  /** Returns the bytes of an image and all below it. */
  async #sizeOf(image: Snapshot): Promise<number> {
    const path = `/images/${this.#imageOf(image)}/json`
    return (await this.#docker.api.call<{ Size: number }>('GET', path)).Size
  }

  #mountId(snapshot: Snapshot): string {
    return mountIdOf(this.#docker.root, this.#traits.storageDriver, this.#containerOf(snapshot))
  }

  /** The files of what has no parent. */
  #folder({ id }: Snapshot): string {
    return join(this.backing.path, 'base', id)
  }
}
