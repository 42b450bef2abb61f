/**
 * The control: what the same work costs in a plain directory of the same backing file system, with no layers at all.
 *
 * A container is a full copy of the image's tree, made before the clock starts, and its files own every one of their
 * extents, so that a first write is a write and nothing else.
 */
import { z } from 'zod'
import type { Driver } from '../../harness/contracts/driver.ts'
import { openBacking, probeBacking } from '../common/backing.ts'
import { contentCopy, createDirectoryStore } from '../common/directory-store.ts'
import { probeByDoing } from '../common/probe.ts'
import { wholeCopies } from '../common/space.ts'

export type BareOptions = Record<string, never>

export const bare: Driver<BareOptions> = {
  meta: {
    id: 'bare',
    title: 'Bare directory (control)',
    summary:
      'A plain full copy of the image on the same backing file system, made untimed: no layers, so the first write copies nothing.',
    cowUnit: 'none',
    emulated: false,
    role: 'control',
    backings: ['ext4', 'xfs', 'btrfs'],
    options: z.strictObject({}),
    showcase: [],
    spaceNeeded: (_config, layers, containers, changed) => wholeCopies(layers, containers, changed),
  },

  async probe(host, config) {
    const support = await probeBacking(host, config.backing)
    return support.ok ? probeByDoing(host, bare.open, config) : support
  },

  async open(host, config, scratch) {
    const backing = await openBacking(host, scratch.device, config.backing, `${scratch.directory}/store`)
    return createDirectoryStore(host, backing, contentCopy(config.backing, false))
  },
}
