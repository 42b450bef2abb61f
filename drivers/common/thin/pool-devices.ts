/** The two devices under a thin pool: one for its metadata, one for its data. */
import { closeSync, constants, fsyncSync, ftruncateSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Scratch } from '../../../harness/contracts/driver.ts'
import type { Host, LoopDevice } from '../../../harness/contracts/host.ts'
import { deviceText } from '../../../harness/linux/device-number.ts'
import { openBacking } from '../backing.ts'
import { driverError } from '../catalog.ts'
import { METADATA_BLOCK } from './btree.ts'
import type { Control } from '../../../harness/linux/dm/control.ts'
import { activate, deactivate, type ActiveDevice } from '../../../harness/linux/dm/device.ts'
import { SECTOR } from '../../../harness/linux/dm/targets.ts'
import { createUndo } from '../undo.ts'

const MEBIBYTE = 1024 ** 2

/** Docker's guide to direct-lvm gives the metadata 1 % of the volume group. */
const METADATA_SHARE = 0.01
/** Bytes of metadata that one block of data takes at least: thin-provisioning.rst, "Setting up a fresh pool device". */
const METADATA_PER_BLOCK = 48
const METADATA_LEAST = 16 * MEBIBYTE
/** THIN_METADATA_MAX_SECTORS of dm-thin-metadata.h, just under 16 GiB: more is not used. */
const METADATA_MOST = 255 * (16384 - 64) * METADATA_BLOCK

/** Share of an ext4 on the scratch that the two files may take: the rest are inode tables, journal and reserve. */
const FILES_SHARE = 0.9

export interface PoolDevices extends AsyncDisposable {
  /** Device of the metadata, and of the data, as written in the pool's table. */
  readonly metadata: string
  readonly data: string
  /** The metadata's node, for reading. */
  readonly metadataNode: string
  /** Bytes: whole blocks of the pool. */
  readonly dataSize: number
  /** The file system under the files of a loop pool, or null. */
  readonly path: string | null
  /** The file through whose page cache a loop pool reads its data; null for a pool on the device itself. */
  readonly dataFile: string | null
  /** Writes back what lies between the pool and the scratch device. */
  sync(): Promise<void>
}

/** Returns the bytes for the metadata and for the data of a pool on `space` bytes. */
export function splitSpace(space: number, blockSize: number): { metadataSize: number; dataSize: number } {
  const wanted = Math.max(space * METADATA_SHARE, (space / blockSize) * METADATA_PER_BLOCK, METADATA_LEAST)
  const metadataSize = Math.ceil(Math.min(wanted, METADATA_MOST) / MEBIBYTE) * MEBIBYTE
  const dataSize = Math.floor((space - metadataSize) / blockSize) * blockSize
  if (dataSize < blockSize) {
    throw driverError(
      'scratch-too-small',
      `${space} bytes of scratch are too small for a thin pool with blocks of ${blockSize}`,
    )
  }
  return { metadataSize, dataSize }
}

/** What a pool lies on. */
export interface PoolPlace {
  /** `device`: the scratch device itself. `loop`: two sparse files on an ext4 on it. */
  pool: 'device' | 'loop'
  /** Bytes. */
  blocksize: number
}

export async function openPoolDevices(
  host: Host,
  control: Control,
  scratch: Scratch,
  options: PoolPlace,
): Promise<PoolDevices> {
  return options.pool === 'loop'
    ? await openFiles(host, scratch, options.blocksize)
    : await openPartition(control, scratch, options.blocksize)
}

/** Divides the scratch device by two linear tables. `from`: bytes at its beginning that are something else's. */
export async function openPartition(
  control: Control,
  scratch: Pick<Scratch, 'device' | 'label' | 'size'>,
  blockSize: number,
  from = 0,
): Promise<PoolDevices> {
  const { metadataSize, dataSize } = splitSpace(scratch.size - from, blockSize)
  const undo = createUndo()
  const linear = (name: string, start: number, size: number): ActiveDevice => {
    const parameters = `${scratch.device} ${(from + start) / SECTOR}`
    const target = { start: 0, length: size / SECTOR, type: 'linear', parameters }
    const device = activate(control, `${scratch.label}-${name}`, [target])
    undo.add(() => deactivate(control, device))
    return device
  }
  try {
    const metadata = linear('metadata', 0, metadataSize)
    zeroSuperblock(metadata.node)
    const data = linear('data', metadataSize, dataSize)
    return {
      metadata: deviceText(metadata.dev),
      data: deviceText(data.dev),
      metadataNode: metadata.node,
      dataSize,
      path: null,
      dataFile: null,
      sync: () => Promise.resolve(),
      [Symbol.asyncDispose]: () => undo.run(),
    }
  } catch (error) {
    return await undo.abandon(error)
  }
}

/** The kernel takes metadata that begins with zeros for a new pool's. */
function zeroSuperblock(node: string): void {
  const fd = openSync(node, 'r+')
  try {
    writeSync(fd, Buffer.alloc(METADATA_BLOCK))
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

/**
 * Two sparse files on an ext4, each behind a loop device: Docker's loop-lvm. As there, the loop devices go through
 * the page cache, and a block of data is allocated twice, by the pool and by ext4.
 */
async function openFiles(host: Host, scratch: Scratch, blockSize: number): Promise<PoolDevices> {
  const { metadataSize, dataSize } = splitSpace(scratch.size * FILES_SHARE, blockSize)
  const undo = createUndo()
  const target = join(scratch.directory, 'files')
  host.journal.record({ kind: 'mount', path: target })
  host.journal.record({ kind: 'loop', path: target })
  const attach = (name: string, size: number): LoopDevice => {
    const file = join(target, name)
    makeSparse(file, size)
    const loop = host.loops.attach(file)
    undo.add(() => loop.detach())
    return loop
  }
  try {
    const backing = await openBacking(host, scratch.device, 'ext4', target)
    undo.add(async () => {
      await backing[Symbol.asyncDispose]()
      host.journal.forget({ kind: 'loop', path: target })
      host.journal.forget({ kind: 'mount', path: target })
    })
    const metadata = attach('metadata', metadataSize)
    const data = attach('data', dataSize)
    return {
      metadata: metadata.device,
      data: data.device,
      metadataNode: metadata.device,
      dataSize,
      path: backing.path,
      dataFile: join(target, 'data'),
      sync: () => backing.sync(),
      [Symbol.asyncDispose]: () => undo.run(),
    }
  } catch (error) {
    return await undo.abandon(error)
  }
}

function makeSparse(file: string, size: number): void {
  const fd = openSync(file, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 0o600)
  try {
    ftruncateSync(fd, size)
  } finally {
    closeSync(fd)
  }
}
