/**
 * `mode=qcow2`: a child is a qcow2 file whose backing is its parent's. One qemu-storage-daemon opens them all, each committed
 * image once, and shows an active child over FUSE as a plain file that a loop device takes.
 *
 * The chain is held by the daemon's graph (`backing` of blockdev-add), so a child's own header need not name its backing
 * file, and every empty child is a copy of one template.
 */
import { statSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Host } from '../../harness/contracts/host.ts'
import type { Range } from '../../harness/contracts/syscalls.ts'
import { commonBytes, totalBytes } from '../../harness/linux/ranges.ts'
import { openFuseConnections, type FuseConnections } from './fuse-connections.ts'
import type { ImageBytes, Images } from './images.ts'
import { ownClusters } from './qcow2-map.ts'
import { cloneFile } from './reflink.ts'
import { startStorageDaemon, type StorageDaemon } from './storage-daemon.ts'

const SECTOR = 512
const TEMPLATE = 'template'

export interface Qcow2Options {
  /** On xfs; holds the base image. */
  directory: string
  /** For the control socket. */
  stateDirectory: string
  /** Name of the raw, empty base image. */
  base: string
  /** Bytes that the device seems to have. */
  size: number
  /** Bytes of a qcow2 cluster, the unit of copying. */
  cluster: number
}

export async function createQcow2Images(host: Host, options: Qcow2Options): Promise<Images> {
  const { directory, stateDirectory, base } = options
  await makeTemplate(host, options)
  const daemon = await startStorageDaemon(host, stateDirectory)
  try {
    await daemon.qmp.execute('blockdev-add', { ...raw(join(directory, base)), 'node-name': nodeOf(null) })
    const connections = await openFuseConnections(host, join(stateDirectory, 'connections'))
    return new Qcow2Images(host, directory, daemon, connections)
  } catch (error) {
    await daemon[Symbol.asyncDispose]()
    throw error
  }
}

async function makeTemplate(host: Host, { directory, size, cluster }: Qcow2Options): Promise<void> {
  const shape = ['-f', 'qcow2', '-o', `cluster_size=${cluster}`]
  await host.run('qemu-img', ['create', '-q', ...shape, join(directory, TEMPLATE), String(size)])
}

/** Direct, so that nothing is cached twice: the container's file system has the pages already. */
function protocol(filename: string) {
  return { driver: 'file', filename, cache: { direct: true } }
}

function raw(filename: string) {
  return { driver: 'raw', 'read-only': true, file: protocol(filename) }
}

/** Node names begin with a letter. */
function nodeOf(id: string | null): string {
  return id === null ? 'base' : `image-${id}`
}

class Qcow2Images implements Images {
  readonly #host: Host
  readonly #directory: string
  readonly #daemon: StorageDaemon
  readonly #connections: FuseConnections
  /** Images that are exported: all but the committed. */
  readonly #exports = new Set<string>()
  /** The node below each. */
  readonly #backing = new Map<string, string>()

  constructor(host: Host, directory: string, daemon: StorageDaemon, connections: FuseConnections) {
    this.#host = host
    this.#directory = directory
    this.#daemon = daemon
    this.#connections = connections
  }

  /** The exported one, not the qcow2 file. */
  file(id: string): string {
    return join(this.#directory, `${id}.device`)
  }

  async create(id: string, parent: string | null, access: 'rw' | 'ro'): Promise<void> {
    cloneFile(this.#host.syscalls, join(this.#directory, TEMPLATE), this.#image(id))
    // FUSE mounts a file upon a file.
    writeFileSync(this.file(id), '')
    this.#backing.set(id, nodeOf(parent))
    await this.#open(id, access)
    await this.#daemon.qmp.execute('block-export-add', {
      type: 'fuse',
      id: nodeOf(id),
      'node-name': nodeOf(id),
      mountpoint: this.file(id),
      writable: access === 'rw',
      growable: false,
    })
    this.#exports.add(id)
    this.#connections.oneAtATime(this.file(id))
  }

  async seal(id: string): Promise<void> {
    await this.#close(id)
    await this.#open(id, 'ro')
  }

  async remove(id: string): Promise<void> {
    await this.#close(id)
    unlinkSync(this.#image(id))
    this.#backing.delete(id)
  }

  /** The child's file holds what was written to the child; how much of the parent shows through only its map tells. */
  bytes(id: string, _parent: string | null, parts?: readonly Range[]): ImageBytes {
    const image = this.#image(id)
    if (parts === undefined) return { sharedBytes: null, exclusiveBytes: statSync(image).blocks * SECTOR }
    const exclusiveBytes = commonBytes(parts, ownClusters(image))
    return { sharedBytes: totalBytes(parts) - exclusiveBytes, exclusiveBytes }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#daemon[Symbol.asyncDispose]()
    await this.#connections[Symbol.asyncDispose]()
  }

  #image(id: string): string {
    return join(this.#directory, `${id}.qcow2`)
  }

  async #open(id: string, access: 'rw' | 'ro'): Promise<void> {
    await this.#daemon.qmp.execute('blockdev-add', {
      driver: 'qcow2',
      'node-name': nodeOf(id),
      'read-only': access === 'ro',
      file: protocol(this.#image(id)),
      backing: this.#backing.get(id),
    })
  }

  /** Ends the export, if there still is one, and closes the image, which flushes it. */
  async #close(id: string): Promise<void> {
    if (this.#exports.delete(id)) {
      const gone = this.#daemon.qmp.event('BLOCK_EXPORT_DELETED', { id: nodeOf(id) })
      await Promise.all([gone, this.#daemon.qmp.execute('block-export-del', { id: nodeOf(id) })])
      unlinkSync(this.file(id))
    }
    await this.#daemon.qmp.execute('blockdev-del', { 'node-name': nodeOf(id) })
  }
}
