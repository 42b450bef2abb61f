/** Docker's and containerd's btrfs driver: the file system's own snapshots, by ioctl in this process. */
import { z } from 'zod'
import type { Driver } from '../../harness/contracts/driver.ts'
import { choiceOption, switchOption } from '../../harness/contracts/units.ts'
import { buildOn, openBacking } from '../common/backing.ts'
import { probeDriver } from '../common/probe.ts'
import { changedOnly } from '../common/space.ts'
import { BtrfsSnapshotter } from './snapshotter.ts'

const options = z
  .strictObject({
    quota: switchOption(false, 'account space by subvolume (quota groups)'),
    compress: choiceOption(['off', 'zstd', 'lzo', 'zlib'], 'off', 'compress what is written'),
    nodatacow: switchOption(
      false,
      'overwrite data in place, without checksums; what a snapshot shares is still copied once',
    ),
  })
  .refine((chosen) => !chosen.nodatacow || chosen.compress === 'off', {
    error: 'compress has no effect with nodatacow=on; choose one of them',
  })

export type BtrfsOptions = z.output<typeof options>

export const btrfs: Driver<BtrfsOptions> = {
  meta: {
    id: 'btrfs',
    title: 'btrfs',
    summary:
      'A subvolume snapshot for each layer and container: the first write goes to new extents of the size written, the rest stays shared.',
    cowUnit: 'extent',
    emulated: false,
    role: 'driver',
    backings: ['btrfs'],
    needs: {},
    options,
    showcase: ['btrfs'],
    validates: true,
    spaceNeeded: (_config, layers, containers, changed) => changedOnly(layers, containers, changed),
  },

  probe: (host, config) => probeDriver(host, btrfs, config),

  async open(host, config, scratch) {
    const backing = await openBacking(host, scratch.device, 'btrfs', `${scratch.directory}/store`, {
      mountOptions: mountOptions(config.options),
    })
    const { quota, compress } = config.options
    const traits = { quota, compresses: compress !== 'off' }
    return buildOn(backing, () => new BtrfsSnapshotter(host, backing, traits))
  },
}

function mountOptions({ compress, nodatacow }: BtrfsOptions): string[] {
  return [...(compress === 'off' ? [] : [`compress=${compress}`]), ...(nodatacow ? ['nodatacow'] : [])]
}
