/**
 * The control: what the same work costs in a plain directory of the same backing file system, with no layers at all.
 *
 * A container is a full copy of the image's tree, made before the clock starts, and its files own every one of their
 * extents, so that a first write is a write and nothing else.
 */
import { join } from 'node:path'
import { z } from 'zod'
import type { Driver } from '../../harness/contracts/driver.ts'
import { buildOn, openBacking } from '../common/backing.ts'
import { contentCopy, createDirectoryStore } from '../common/directory-store.ts'
import { probeDriver } from '../common/probe.ts'
import { wholeCopies } from '../common/space.ts'
import { openZfsBacking } from '../common/zfs/backing.ts'
import { zfsVersion } from '../common/zfs/version.ts'

export type BareOptions = Record<string, never>

export const bare: Driver<BareOptions> = {
  meta: {
    id: 'bare',
    title: 'Bare directory (control)',
    summary:
      'A plain full copy of what the workload touches of the image, on the same backing file system, made untimed: no layers, so the first write copies nothing.',
    cowUnit: 'none',
    emulated: false,
    role: 'control',
    backings: ['ext4', 'xfs', 'btrfs', 'zfs'],
    needs: {},
    options: z.strictObject({}),
    showcase: [],
    spaceNeeded: (_config, layers, containers, changed) => wholeCopies(layers, containers, changed),
  },

  probe: (host, config) =>
    probeDriver(host, bare, config, config.backing === 'zfs' ? () => zfsVersion(host) : undefined),

  async open(host, config, scratch) {
    const target = join(scratch.directory, 'store')
    const backing =
      config.backing === 'zfs'
        ? await openZfsBacking(host, scratch, target)
        : await openBacking(host, scratch.device, config.backing, target)
    return buildOn(backing, () => createDirectoryStore(host, backing, contentCopy(config.backing, false)))
  },
}
