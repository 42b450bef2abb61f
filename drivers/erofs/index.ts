/**
 * EROFS images under overlay, as containerd's erofs snapshotter does: a layer is one read-only image file, mounted once,
 * and a container an overlay over the mounted layers. Its first change of a file copies all of it.
 */
import { join } from 'node:path'
import type { Driver } from '../../harness/contracts/driver.ts'
import { buildOn, openBacking } from '../common/backing.ts'
import { createLayeredStore, type Union } from '../common/layered-store.ts'
import {
  fsyncCondition,
  fsyncMountOptions,
  renewVolatile,
  requireFsyncMode,
} from '../common/overlay-fsync.ts'
import { packedLayers } from '../common/space.ts'
import { probeDriver } from '../common/probe.ts'
import { Layers } from './layers.ts'
import { EROFS_LIMITS } from '../common/erofs-limits.ts'
import { erofsOptions, OVERLAY_OPTIONS, type ErofsOptions } from './options.ts'

export const erofs: Driver<ErofsOptions> = {
  meta: {
    id: 'erofs',
    title: 'erofs',
    summary:
      'Keeps each layer as one read-only EROFS image and stacks the mounted images with overlay: the first change of a file copies all of it out of its image, whatever the backing.',
    cowUnit: 'file',
    emulated: false,
    role: 'driver',
    backings: ['ext4', 'xfs'],
    needs: { filesystems: ['erofs', 'overlay'], programs: [{ name: 'mkfs.erofs', version: '--version' }] },
    options: erofsOptions,
    showcase: ['erofs@ext4'],
    spaceNeeded: (_config, layers, containers, changed) => packedLayers(layers, containers, changed),
    limits: () => EROFS_LIMITS,
  },

  probe: (host, config) => probeDriver(host, erofs, config),

  async open(host, config, scratch) {
    const backing = await openBacking(host, scratch.device, config.backing, join(scratch.directory, 's'))
    return buildOn(backing, async () => {
      await requireFsyncMode(host, config.options.fsync, backing.path)
      const places = { store: backing.path, mountPoints: join(scratch.directory, 'l') }
      return createLayeredStore(
        host,
        backing,
        overlayOf(new Layers(host, places, config.options), config.options),
      )
    })
  },
}

/** Returns the kernel's overlay over the mounted images. */
function overlayOf(images: Layers, { fsync }: ErofsOptions): Union {
  return {
    packed: images,
    needsWorkDirectory: true,
    keepsChanges: true,
    mount({ name, lowers, upper, work }) {
      const writable =
        upper === null ? [] : [`upperdir=${upper}`, `workdir=${work}`, ...fsyncMountOptions(fsync)]
      const options = [`lowerdir=${lowers.join(':')}`, ...writable, ...OVERLAY_OPTIONS]
      return { type: 'overlay', source: name, options }
    },
    renewWorkDirectory: renewVolatile,
    condition: (superOptions) => fsyncCondition(fsync, superOptions),
  }
}
