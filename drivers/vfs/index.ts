/**
 * As Docker's vfs: every layer and every container is a full copy of its parent, made when it is prepared
 * (daemon/graphdriver/vfs in Docker's sources). The first write to a file then finds nothing left to copy.
 */
import { z } from 'zod'
import type { Driver } from '../../harness/contracts/driver.ts'
import { switchOption } from '../../harness/contracts/units.ts'
import { buildOn, openBacking } from '../common/backing.ts'
import { contentCopy, createDirectoryStore } from '../common/directory-store.ts'
import { probeDriver } from '../common/probe.ts'
import { changedOnly, wholeCopies } from '../common/space.ts'

const options = z.strictObject({
  reflink: switchOption(
    true,
    'files of the copy share their extents with the parent where the backing can (xfs, btrfs), as in Docker; off: all bytes are copied',
  ),
})

export type VfsOptions = z.output<typeof options>

export const vfs: Driver<VfsOptions> = {
  meta: {
    id: 'vfs',
    title: 'vfs',
    summary:
      'Copies the whole tree of the parent for each layer and container: prepare pays for every byte, the first write for none.',
    cowUnit: 'none',
    emulated: false,
    role: 'driver',
    backings: ['ext4', 'xfs', 'btrfs'],
    needs: {},
    options,
    showcase: ['vfs@ext4'],
    spaceNeeded: (config, layers, containers, changed) =>
      contentCopy(config.backing, config.options.reflink) === 'clone'
        ? changedOnly(layers, containers, changed)
        : wholeCopies(layers, containers, changed),
  },

  probe: (host, config) => probeDriver(host, vfs, config),

  async open(host, config, scratch) {
    const backing = await openBacking(host, scratch.device, config.backing, `${scratch.directory}/store`)
    const copy = contentCopy(config.backing, config.options.reflink)
    return buildOn(backing, () => createDirectoryStore(host, backing, copy))
  },
}
