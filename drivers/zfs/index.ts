/** Docker's zfs driver, and containerd's snapshotter of that name: a pool's own snapshots and clones, by zfs(8). */
import type { Driver, DriverConfig, Scratch } from '../../harness/contracts/driver.ts'
import type { Host } from '../../harness/contracts/host.ts'
import { probeDriver } from '../common/probe.ts'
import { createUndo } from '../common/undo.ts'
import { createZpool } from '../common/zfs/pool.ts'
import { zfsVersion } from '../common/zfs/version.ts'
import { halfOfMemory, kernelArc, limitArc, type Arc } from './arc.ts'
import { zfsOptions, type ZfsOptions } from './options.ts'
import { ZfsSnapshotter } from './snapshotter.ts'
import { spaceNeeded } from './space.ts'

export type { ZfsOptions } from './options.ts'

export const zfs: Driver<ZfsOptions> = createDriver(kernelArc)

/** The driver for another ARC than the kernel's: under test. */
export function createDriver(arc: Arc): Driver<ZfsOptions> {
  const driver: Driver<ZfsOptions> = {
    meta: {
      id: 'zfs',
      title: 'zfs',
      summary:
        'A clone of a dataset’s snapshot for each layer and container: the first write to a record of a file copies that record, however large the file.',
      cowUnit: 'block',
      emulated: false,
      role: 'driver',
      backings: ['zfs'],
      needs: {},
      options: zfsOptions,
      showcase: ['zfs'],
      spaceNeeded: (config, layers, containers, changed) =>
        spaceNeeded(config.options.recordsize, layers, containers, changed),
    },
    probe: (host, config) => probeDriver(host, driver, config, () => zfsVersion(host)),
    open: (host, config, scratch) => openStore(host, config, scratch, arc),
  }
  return driver
}

async function openStore(
  host: Host,
  { options }: DriverConfig<ZfsOptions>,
  scratch: Scratch,
  arc: Arc,
): Promise<ZfsSnapshotter> {
  const undo = createUndo()
  undo.add(limitArc(host, arc, options.arc ?? halfOfMemory()))
  try {
    const pool = await createZpool(host, scratch, {
      recordsize: String(options.recordsize),
      compression: options.compression,
      atime: options.atime ? 'on' : 'off',
    })
    undo.add(() => pool.destroy())
    return new ZfsSnapshotter({
      host,
      pool,
      arc,
      compresses: options.compression !== 'off',
      mountOptions: options.atime ? [] : ['noatime'],
      close: () => undo.run(),
    })
  } catch (error) {
    return await undo.abandon(error)
  }
}
