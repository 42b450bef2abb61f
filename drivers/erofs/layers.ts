/** The committed layers of a store: an EROFS image each, mounted once and shared by all that stand on it. */
import { existsSync, mkdirSync, realpathSync, rmdirSync, rmSync } from 'node:fs'
import { BenchError } from '../../harness/contracts/error.ts'
import type { Host, JournalEntry } from '../../harness/contracts/host.ts'
import type { Mount } from '../../harness/contracts/snapshotter.ts'
import { errnoOf } from '../../harness/contracts/syscalls.ts'
import { readMounts } from '../../harness/linux/mountinfo.ts'
import type { PackedLayers } from '../common/layered-store.ts'
import { mkfsOptions, type ErofsOptions } from './options.ts'
import { requireRoom } from './space.ts'

/** Seconds. mkfs.erofs reads and writes the whole layer, and lz4hc takes its time over it. */
const MKFS_TIMEOUT = 3600

export interface LayerPlaces {
  /** A folder on the backing. An image lies in the folder of its layer's id. */
  store: string
  /** A folder to be made. The mount points in it have the layers' ids for names. */
  mountPoints: string
}

export class Layers implements PackedLayers {
  readonly #host: Host
  readonly #options: ErofsOptions
  readonly #store: string
  readonly #mountPoints: string
  readonly #entries: readonly JournalEntry[]
  readonly #mounted = new Set<string>()
  /** Also set once the kernel has refused to mount a file. */
  #byLoop: boolean
  #open = true

  constructor(host: Host, { store, mountPoints }: LayerPlaces, options: ErofsOptions) {
    this.#host = host
    this.#options = options
    this.#byLoop = options.mount === 'loop'
    this.#entries = [
      ...(options.mount === 'file' ? [] : [{ kind: 'loop', path: store } as const]),
      { kind: 'mount', path: mountPoints },
    ]
    for (const entry of this.#entries) host.journal.record(entry)
    mkdirSync(mountPoints)
    this.#store = store
    this.#mountPoints = realpathSync(mountPoints)
  }

  /** Returns the folder that shows the files of a layer. */
  root(id: string): string {
    return `${this.#mountPoints}/${id}`
  }

  image(id: string): string {
    return `${this.#store}/${id}/image`
  }

  /** Makes the image of a tree, whiteouts and opaque directories as they are, and mounts it; or leaves nothing of it. */
  async add(id: string, tree: string): Promise<void> {
    requireRoom(this.#store, tree)
    const args = [...mkfsOptions(this.#options), this.image(id), tree]
    try {
      await this.#host.run('mkfs.erofs', args, { timeout: MKFS_TIMEOUT })
      mkdirSync(this.root(id))
      await this.#mount(this.image(id), this.root(id))
    } catch (error) {
      if (existsSync(this.root(id))) rmdirSync(this.root(id))
      rmSync(this.image(id), { force: true })
      throw error
    }
    this.#mounted.add(id)
  }

  /** Throws EBUSY, and leaves it whole, when something stands on it. */
  async remove(id: string): Promise<void> {
    await this.#unmount(id)
    rmSync(this.image(id))
  }

  /** How often a layer is mounted in other places than its own. */
  countBinds(id: string): number {
    const mounts = readMounts()
    const own = mounts.find(({ target }) => target === this.root(id))
    return mounts.filter(({ device }) => device === own?.device).length - 1
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#open) return
    for (const id of [...this.#mounted].reverse()) await this.#unmount(id)
    for (const entry of this.#entries.toReversed()) this.#host.journal.forget(entry)
    this.#open = false
  }

  async #unmount(id: string): Promise<void> {
    await this.#host.unmount(this.root(id))
    this.#mounted.delete(id)
    rmdirSync(this.root(id))
  }

  /** A kernel that reads images from block devices only answers ENOTBLK to a file: fs/super.c, get_tree_bdev. */
  async #mount(source: string, target: string): Promise<void> {
    const mount: Mount = { type: 'erofs', source, options: ['ro'] }
    if (!this.#byLoop) {
      try {
        return await this.#host.mount([mount], target)
      } catch (error) {
        if (errnoOf(error) !== 'ENOTBLK') throw error
        if (this.#options.mount === 'file') throw noFileMounts(this.#host, error)
        this.#byLoop = true
      }
    }
    await this.#host.mount([{ ...mount, options: ['ro', 'loop'] }], target)
  }
}

function noFileMounts(host: Host, cause: unknown): BenchError {
  return new BenchError(`this kernel (${host.kernelRelease}) mounts EROFS from block devices only`, {
    code: 'kernel.no-file-mount',
    hint: 'use mount=loop, or Linux 6.12 or later with CONFIG_EROFS_FS_BACKED_BY_FILE',
    cause,
  })
}
