/**
 * aufs, the union file system that Docker began with: a directory a layer, and the first write to a file copies all of
 * it up. It never was in the mainline kernel.
 */
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Driver, Limit } from '../../harness/contracts/driver.ts'
import { buildOn, openBacking } from '../common/backing.ts'
import { createLayeredStore, type Union } from '../common/layered-store.ts'
import { firstMissing, probeByDoing } from '../common/probe.ts'
import { changedOnly } from '../common/space.ts'
import { unionMounts } from './mounts.ts'
import { aufsOptions, type AufsOptions } from './options.ts'

const LIMITS: readonly Limit[] = [
  {
    check: 'rename a directory of the image',
    reason: 'rename(2) answers EXDEV, and mv copies the directory',
  },
  {
    check: 'hard links of the image stay together',
    reason: 'the pseudo-links that hold them together are gone with the mount',
  },
]

/** aufs hands an unaligned length on to FICLONERANGE: vfs_clone_file_range() wants whole blocks, but at the end of a file. */
const ON_XFS: readonly Limit[] = [
  {
    check: 'truncate',
    reason: 'truncate(2) answers EINVAL: aufs clones a part that does not end at a block',
  },
]

export const aufs: Driver<AufsOptions> = {
  meta: {
    id: 'aufs',
    title: 'aufs',
    summary:
      'Stacks directories with aufs, which only patched kernels have: the first write to a file copies all of it up, or clones it where the backing shares extents.',
    cowUnit: 'file',
    emulated: false,
    role: 'driver',
    // Docker refused it on btrfs.
    backings: ['ext4', 'xfs'],
    needs: {
      filesystems: ['aufs'],
      hint: 'it never was in the mainline kernel: boot a patched one, as Ubuntu had up to 20.04 (Linux 5.4) and Debian up to 8, or patch one with aufs-standalone',
    },
    options: aufsOptions,
    showcase: ['aufs@ext4'],
    spaceNeeded: (_config, layers, containers, changed) => changedOnly(layers, containers, changed),
    limits: ({ backing }) => (backing === 'xfs' ? [...LIMITS, ...ON_XFS] : LIMITS),
  },

  async probe(host, config) {
    const missing = await firstMissing(host, aufs.meta, config)
    if (missing !== null) return missing
    const tried = await probeByDoing(host, aufs.open, config)
    if (tried.ok || !config.options.dirperm1) return tried
    return { ...tried, hint: `${tried.hint}; an aufs that is too old for dirperm1 takes dirperm1=off` }
  },

  async open(host, config, scratch) {
    const backing = await openBacking(host, scratch.device, config.backing, join(scratch.directory, 's'))
    return buildOn(backing, () => createLayeredStore(host, backing, aufsUnion(config.options)))
  },
}

function aufsUnion(options: AufsOptions): Union {
  return {
    needsWorkDirectory: false,
    mount: (stack) => unionMounts(stack, options),
    seal: forgetMounts,
  }
}

/**
 * Whiteouts (`.wh.NAME`) and marks of opaque directories (`.wh..wh..opq`) are what a layer says of those below it. The
 * other names with a double prefix are those of the mount: the whiteout that all are links of, pseudo-links, orphans.
 */
function forgetMounts(files: string): void {
  for (const name of readdirSync(files)) {
    if (name.startsWith('.wh..wh.') && name !== '.wh..wh..opq') rmSync(join(files, name), { recursive: true })
  }
}
