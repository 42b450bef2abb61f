/**
 * As Docker's devicemapper and containerd's snapshotter of that name: a thin pool, in it a base device with an empty
 * file system, and for every layer and container a thin snapshot. The first write to a block copies the block, of
 * 64 KiB or more, whatever the size of the file. Docker called libdevmapper and containerd starts dmsetup; both end
 * in the ioctls that are made here in-process.
 *
 * The base device is as large as the pool's data, so a container is never smaller than the scratch allows. Unlike
 * Docker no transaction id is kept in the pool: it is there to mend a store after a crash, and each run
 * formats this one again.
 */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Driver, DriverConfig, Scratch } from '../../harness/contracts/driver.ts'
import type { Host, JournalEntry } from '../../harness/contracts/host.ts'
import { makeFilesystem } from '../common/backing.ts'
import { BACKING_NEEDS } from '../../harness/linux/needs.ts'
import { DEVICE_FILES, openControl, type DeviceFiles } from '../../harness/linux/dm/control.ts'
import { devicemapperOptions, type DevicemapperOptions } from './options.ts'
import { openPoolDevices } from '../common/thin/pool-devices.ts'
import { ThinPool } from '../common/thin/pool.ts'
import { probeDevicemapper } from './probe.ts'
import { BASE_ID, ThinSnapshotter } from './snapshotter.ts'
import { spaceInPool } from '../common/thin/space.ts'
import { createUndo } from '../common/undo.ts'

export type { DevicemapperOptions } from './options.ts'

export const devicemapper: Driver<DevicemapperOptions> = createDriver(DEVICE_FILES)

/** The driver for a device mapper whose files lie elsewhere: under test. */
export function createDriver(files: DeviceFiles): Driver<DevicemapperOptions> {
  const driver: Driver<DevicemapperOptions> = {
    meta: {
      id: 'devicemapper',
      title: 'devicemapper',
      summary:
        'A thin snapshot of a block device for each layer and container: the first write to a block of the pool copies that block, however large the file.',
      cowUnit: 'block',
      emulated: false,
      role: 'driver',
      backings: ['ext4', 'xfs'],
      needs: {
        modules: ['dm-thin-pool'],
        targets: ['thin-pool', 'thin', 'linear'],
        // The pool's files lie on it.
        options: { 'pool=loop': BACKING_NEEDS.ext4 },
      },
      options: devicemapperOptions,
      showcase: ['devicemapper@ext4', 'devicemapper@ext4+pool=loop'],
      spaceNeeded: (config, layers, containers, changed) =>
        spaceInPool(config.options.blocksize, layers, containers, changed),
    },
    probe: (host, config) => probeDevicemapper(host, driver, config, files),
    open: (host, config, scratch) => openStore(host, config, scratch, files),
  }
  return driver
}

async function openStore(
  host: Host,
  config: DriverConfig<DevicemapperOptions>,
  scratch: Scratch,
  files: DeviceFiles,
): Promise<ThinSnapshotter> {
  const undo = createUndo()
  // With the hyphen, so that the label bench-…-1 does not mean bench-…-10 as well.
  const entry: JournalEntry = { kind: 'device-mapper', prefix: `${scratch.label}-` }
  host.journal.record(entry)
  undo.add(() => host.journal.forget(entry))
  try {
    const control = openControl(host.syscalls, files)
    undo.add(() => control.close())
    const devices = await openPoolDevices(host, control, scratch, config.options)
    undo.add(async () => await devices[Symbol.asyncDispose]())
    const onFiles = config.options.pool === 'loop'
    const pool = new ThinPool(control, devices, {
      name: `${scratch.label}-pool`,
      blockSize: config.options.blocksize,
      discardPassdown: onFiles,
      whenFull: config.options.full,
    })
    undo.add(() => pool.remove())
    await makeBase(host, config, pool, scratch)
    return new ThinSnapshotter({
      host,
      scratch,
      filesystem: config.backing,
      pool,
      devices,
      discardOnRemove: onFiles,
      minimumFree: config.options.minfree,
      close: () => undo.run(),
    })
  } catch (error) {
    return await undo.abandon(error)
  }
}

/** The base device: an empty file system, which every stack begins as a snapshot of. */
async function makeBase(
  host: Host,
  { backing }: DriverConfig,
  pool: ThinPool,
  { label, directory }: Scratch,
): Promise<void> {
  pool.createThin(BASE_ID)
  const base = pool.activateThin(BASE_ID, `${label}-base`)
  try {
    await makeFilesystem(host, base.node, backing)
    if (backing === 'ext4') await removeLostAndFound(host, base.node, join(directory, 'base'))
  } finally {
    pool.deactivateThin(base)
  }
}

/** mkfs makes this folder, and no image has it. fsck would recreate it. */
async function removeLostAndFound(host: Host, node: string, target: string): Promise<void> {
  mkdirSync(target, { recursive: true })
  await host.mount([{ type: 'ext4', source: node, options: ['noatime'] }], target)
  try {
    rmSync(join(target, 'lost+found'), { recursive: true, force: true })
  } finally {
    await host.unmount(target)
  }
}
