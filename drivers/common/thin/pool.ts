/** A thin pool and what is asked of it: Documentation/admin-guide/device-mapper/thin-provisioning.rst. */
import { closeSync, openSync, readSync } from 'node:fs'
import { deviceText } from '../../../harness/linux/device-number.ts'
import { driverError } from '../catalog.ts'
import type { Control } from '../../../harness/linux/dm/control.ts'
import { activate, deactivate, type ActiveDevice } from '../../../harness/linux/dm/device.ts'
import { SECTOR } from '../../../harness/linux/dm/targets.ts'
import { sendMessage, tableStatus } from '../../../harness/linux/dm/verbs.ts'
import type { PoolDevices } from './pool-devices.ts'
import { parsePoolStatus, requireWritable, type PoolStatus } from './pool-status.ts'
import { blockReader, thinBlocks, type ThinBlocks } from './thin-metadata.ts'

/**
 * Share of free data below which the kernel raises an event and samples carry a warning: Docker creates no further
 * containers there by default. Docker's own mark, 32768 blocks, is more than a pool of some gigabytes has.
 */
export const LOW_WATER_SHARE = 0.1

/** Drops what the page cache holds of a block device, which the pool writes beside it: linux/fs.h. */
const BLKFLSBUF = 0x1261

export interface PoolOptions {
  name: string
  /** Bytes. */
  blockSize: number
  /** Whether discarding a thin device's block discards it in the data device, too. */
  discardPassdown: boolean
  whenFull: 'error' | 'queue'
}

export class ThinPool {
  /** Bytes. */
  readonly blockSize: number
  /** Bytes: as large as the pool, so that one device can use all of it. */
  readonly virtualSize: number
  readonly #control: Control
  readonly #metadataNode: string
  readonly #device: ActiveDevice

  /** Makes the pool; its metadata has to begin with zeros. */
  constructor(control: Control, devices: PoolDevices, options: PoolOptions) {
    this.blockSize = options.blockSize
    this.virtualSize = devices.dataSize
    this.#control = control
    this.#metadataNode = devices.metadataNode
    this.#device = activate(control, options.name, [poolTarget(devices, options)])
  }

  /** Makes an empty thin device. */
  createThin(id: number): void {
    this.#message(`create_thin ${id}`)
  }

  /**
   * Makes a snapshot of `origin`, which must not be active: a live origin would have to be suspended for it. Takes
   * the same time whatever the origin's size, since the two share the tree of mappings.
   */
  createSnapshot(id: number, origin: number): void {
    this.#message(`create_snap ${id} ${origin}`)
  }

  /** Deletes a thin device that is not active, and frees the blocks that no other has. */
  delete(id: number): void {
    this.#message(`delete ${id}`)
  }

  activateThin(id: number, name: string): ActiveDevice {
    const parameters = `${deviceText(this.#device.dev)} ${id}`
    return activate(this.#control, name, [
      { start: 0, length: this.virtualSize / SECTOR, type: 'thin', parameters },
    ])
  }

  /** Throws `driver.busy`, and leaves it, while it is mounted. */
  deactivateThin(device: ActiveDevice): void {
    deactivate(this.#control, device)
  }

  /** Commits the pool's metadata first, so that what was allocated up to now counts. */
  status(): PoolStatus {
    const [target] = tableStatus(this.#control, this.#device.name)
    return parsePoolStatus(target?.parameters ?? '')
  }

  /**
   * Which blocks of a thin device are its own, by a metadata snapshot: the kernel keeps the root of the mappings as
   * they are now while they are read here. Throws `driver.pool-full` or `driver.pool-failed` for a pool that lost writes.
   */
  blocks(thinId: number): ThinBlocks {
    requireWritable(this.status())
    this.#message('reserve_metadata_snap')
    try {
      const { metadataSnapshot } = this.status()
      if (metadataSnapshot === null) throw driverError('pool-status', 'the pool has no metadata snapshot')
      return this.#readMetadata(metadataSnapshot, thinId)
    } finally {
      this.#message('release_metadata_snap')
    }
  }

  remove(): void {
    deactivate(this.#control, this.#device)
  }

  #message(text: string): void {
    try {
      sendMessage(this.#control, this.#device.name, text)
    } catch (error) {
      requireWritable(this.status())
      throw driverError('device-mapper', `the thin pool refused: ${text}`, error)
    }
  }

  #readMetadata(superblock: number, thinId: number): ThinBlocks {
    const fd = openSync(this.#metadataNode, 'r')
    try {
      this.#control.syscalls.ioctlInt(fd, BLKFLSBUF, 0)
      const read = blockReader((buffer, position) => readSync(fd, buffer, 0, buffer.length, position))
      return thinBlocks(read, superblock, thinId, this.blockSize)
    } finally {
      closeSync(fd)
    }
  }
}

/**
 * `thin-pool METADATA DATA BLOCK_SIZE LOW_WATER_MARK #FEATURES FEATURE…`. New blocks are not zeroed first, as Docker
 * and containerd have it. Without `error_if_no_space` a write that finds the pool full waits for `no_space_timeout` of
 * the module first.
 */
function poolTarget(devices: PoolDevices, options: PoolOptions) {
  const features = [
    'skip_block_zeroing',
    ...(options.whenFull === 'error' ? ['error_if_no_space'] : []),
    ...(options.discardPassdown ? [] : ['no_discard_passdown']),
  ]
  const { metadata, data, dataSize } = devices
  const parameters = [
    metadata,
    data,
    options.blockSize / SECTOR,
    Math.floor((dataSize / options.blockSize) * LOW_WATER_SHARE),
    features.length,
    ...features,
  ]
  return { start: 0, length: dataSize / SECTOR, type: 'thin-pool', parameters: parameters.join(' ') }
}
