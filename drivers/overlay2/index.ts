/**
 * The overlay file system of the kernel, as Docker's overlay2 and containerd's overlayfs snapshotter use it: a
 * directory a layer, and a file is copied up as a whole, or cloned where the backing can, before its first change.
 */
import type { Driver } from '../../harness/contracts/driver.ts'
import type { Host } from '../../harness/contracts/host.ts'
import { buildOn, openBacking } from '../common/backing.ts'
import { createLayeredStore, type Union } from '../common/layered-store.ts'
import {
  fsyncCondition,
  fsyncMountOptions,
  renewVolatile,
  requireFsyncMode,
} from '../common/overlay-fsync.ts'
import { limitsOfOverlay } from '../common/overlay-limits.ts'
import { probeDriver } from '../common/probe.ts'
import { changedOnly } from '../common/space.ts'
import {
  kernelOptions,
  mountOptions,
  overlayOptions,
  redirectsDirectories,
  requireBackingFits,
  type OverlayOptions,
} from './options.ts'

export const overlay2: Driver<OverlayOptions> = {
  meta: {
    id: 'overlay2',
    title: 'overlay2',
    summary:
      'Stacks directories with the overlay file system: the first change of a file copies all of it up, or clones it where the backing shares extents.',
    cowUnit: 'file',
    emulated: false,
    role: 'driver',
    backings: ['ext4', 'xfs', 'btrfs'],
    needs: { filesystems: ['overlay'] },
    options: overlayOptions,
    showcase: ['overlay2@ext4', 'overlay2@xfs'],
    validates: true,
    spaceNeeded: (_config, layers, containers, changed) => changedOnly(layers, containers, changed),
    limits: ({ options }) => limitsOfOverlay(kernelOptions(options)),
  },

  probe: (host, config) => probeDriver(host, overlay2, config),

  async open(host, config, scratch) {
    requireBackingFits(config)
    const { backing: type, options } = config
    const made = type === 'xfs' ? { reflink: options.reflink } : {}
    const backing = await openBacking(host, scratch.device, type, `${scratch.directory}/s`, made)
    return buildOn(backing, async () => {
      await requireFsyncMode(host, options.fsync, backing.path)
      return createLayeredStore(host, backing, overlayUnion(host, options))
    })
  },
}

function overlayUnion(host: Host, options: OverlayOptions): Union {
  const extra = mountOptions(options)
  // The index is kept beside the upper, and the kernel complains in its log where there is none.
  const viewExtra = extra.filter((option) => !option.startsWith('index='))
  return {
    needsWorkDirectory: true,
    // A renamed directory and the content of a file may remain below.
    keepsChanges: !options.metacopy && !redirectsDirectories(options),
    mount({ name, lowers, upper, work }) {
      const lower = `lowerdir=${lowers.join(':')}`
      const rest =
        upper === null
          ? viewExtra
          : [`upperdir=${upper}`, `workdir=${work}`, ...extra, ...fsyncMountOptions(options.fsync)]
      return { type: 'overlay', source: name, options: [lower, ...rest] }
    },
    renewWorkDirectory: renewVolatile,
    condition: (superOptions) => fsyncCondition(options.fsync, superOptions),
    isMetadataOnly: (file) => host.syscalls.lgetxattr(file, 'trusted.overlay.metacopy') !== null,
  }
}
