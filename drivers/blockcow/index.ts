/**
 * Emulates a block-level driver (devicemapper, a SAN, a VM's disk) without device mapper: each layer and each container is
 * an image of a whole block device with a file system inside, a child shares its parent's blocks until it writes them.
 *
 * The image files lie on xfs on the scratch. Their size is the scratch's own, so that a container sees the capacity that it
 * sees elsewhere; they are sparse, and take only what was written.
 */
import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Driver, DriverConfig, Scratch } from '../../harness/contracts/driver.ts'
import { BenchError } from '../../harness/contracts/error.ts'
import type { Host } from '../../harness/contracts/host.ts'
import { BACKING_NEEDS } from '../../harness/linux/needs.ts'
import { choiceOption, parseSize, sizeOption } from '../../harness/contracts/units.ts'
import { buildOn, openBacking } from '../common/backing.ts'
import { probeDriver } from '../common/probe.ts'
import { changedBlocks, XFS_COW_BYTES } from '../common/space.ts'
import { makeBaseImage, type InnerFilesystem } from '../common/loop/inner.ts'
import { createQcow2Images } from './qcow2.ts'
import { createReflinkImages } from './reflink.ts'
import { BlockSnapshotter } from './snapshotter.ts'
import { PROGRAM } from './storage-daemon.ts'

const BASE = 'base'
const DEFAULT_CLUSTER = '64K'

const options = z
  .strictObject({
    mode: choiceOption(
      ['reflink', 'qcow2'],
      'reflink',
      'a child is a clone of its parent’s file on xfs (reflink), or a qcow2 file over it that qemu-storage-daemon shows by FUSE',
    ),
    cluster: sizeOption(
      DEFAULT_CLUSTER,
      'mode=qcow2: bytes that are copied at the first write to any of them',
    ).refine(
      // QEMU, block/qcow2.h: MIN_CLUSTER_BITS, MAX_CLUSTER_BITS.
      (bytes) => Number.isInteger(Math.log2(bytes)) && bytes >= 512 && bytes <= 2 * 1024 ** 2,
      { error: 'is not a power of two from 512 to 2M' },
    ),
  })
  .refine((chosen) => chosen.mode === 'qcow2' || chosen.cluster === parseSize(DEFAULT_CLUSTER), {
    error: 'cluster is an option of mode=qcow2',
  })

export type BlockcowOptions = z.output<typeof options>

export const blockcow: Driver<BlockcowOptions> = {
  meta: {
    id: 'blockcow',
    title: 'Block-level copy-on-write (emulation)',
    summary:
      'An image of a block device for each layer and container: the first write copies the blocks that it touches, whatever the size of the file.',
    cowUnit: 'block',
    emulated: true,
    role: 'driver',
    backings: ['ext4', 'xfs'],
    // The images lie on xfs, whatever is inside them.
    needs: {
      ...BACKING_NEEDS.xfs,
      options: {
        'mode=qcow2': {
          filesystems: ['fuse'],
          programs: [{ name: PROGRAM, version: '--version' }, { name: 'qemu-img' }],
        },
      },
    },
    options,
    showcase: ['blockcow@ext4'],
    spaceNeeded: ({ options: { mode, cluster } }, layers, containers, changed) =>
      changedBlocks(mode === 'qcow2' ? cluster : XFS_COW_BYTES, layers, containers, changed),
  },

  probe: (host, config) => probeDriver(host, blockcow, config),

  async open(host, config, scratch) {
    const outer = await openBacking(host, scratch.device, 'xfs', join(scratch.directory, 'store'), {
      reflink: true,
    })
    return buildOn(outer, async () => {
      const filesystem = innerFilesystem(config)
      const directory = realpathSync(outer.path)
      await makeBaseImage(host, join(directory, BASE), scratch, filesystem)
      const images = await openImages(host, config.options, scratch, directory)
      return new BlockSnapshotter(host, outer, images, filesystem)
    })
  },
}

function openImages(host: Host, chosen: BlockcowOptions, scratch: Scratch, directory: string) {
  if (chosen.mode === 'reflink') return createReflinkImages(host.syscalls, directory, BASE)
  return createQcow2Images(host, {
    directory,
    stateDirectory: scratch.directory,
    base: BASE,
    size: scratch.size,
    cluster: chosen.cluster,
  })
}

function innerFilesystem({ backing }: DriverConfig): InnerFilesystem {
  if (backing === 'ext4' || backing === 'xfs') return backing
  throw new BenchError(`blockcow has no ${backing} inside`, { code: 'driver.backing' })
}
