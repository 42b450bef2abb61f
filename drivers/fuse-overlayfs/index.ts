/** fuse-overlayfs: overlay's layout of layers, served by a daemon in user space, as rootless engines use it. */
import type { Driver, DriverConfig, Limit } from '../../harness/contracts/driver.ts'
import { buildOn, openBacking } from '../common/backing.ts'
import { hasChildWith, programVersion } from '../common/fuse.ts'
import { createLayeredStore, type Union } from '../common/layered-store.ts'
import { probeDriver } from '../common/probe.ts'
import { changedOnly } from '../common/space.ts'
import { daemonOptions, fuseOverlayfsOptions, type FuseOverlayfsOptions } from './options.ts'

const PROGRAM = 'fuse-overlayfs'

export const fuseOverlayfs: Driver<FuseOverlayfsOptions> = {
  meta: {
    id: 'fuse-overlayfs',
    title: 'fuse-overlayfs',
    summary:
      'Stacks directories by a FUSE daemon: the first change of a file copies all of it up, and every access crosses to user space.',
    cowUnit: 'file',
    emulated: false,
    role: 'driver',
    backings: ['ext4', 'xfs', 'btrfs'],
    needs: { filesystems: ['fuse'], programs: [{ name: PROGRAM, version: '--version' }] },
    options: fuseOverlayfsOptions,
    showcase: ['fuse-overlayfs@ext4'],
    spaceNeeded: (_config, layers, containers, changed) => changedOnly(layers, containers, changed),
    limits,
  },

  probe: (host, config) => probeDriver(host, fuseOverlayfs, config, () => programVersion(host, PROGRAM)),

  async open(host, config, scratch) {
    const backing = await openBacking(host, scratch.device, config.backing, `${scratch.directory}/s`)
    return buildOn(backing, () => createLayeredStore(host, backing, union(config.options)))
  },
}

function union(options: FuseOverlayfsOptions): Union {
  const extra = daemonOptions(options)
  return {
    needsWorkDirectory: true,
    mount({ name, lowers, upper, work }) {
      const writable = upper === null ? [] : [`upperdir=${upper}`, `workdir=${work}`]
      const list = [`lowerdir=${lowers.join(':')}`, ...writable, mark(name), ...extra]
      return { type: `fuse.${PROGRAM}`, source: name, options: [], args: ['-f', '-o', list.join(',')] }
    },
    isMounted: (name) => hasChildWith(`,${mark(name)}`),
  }
}

/**
 * Names a mount on the daemon's command line, by which the daemon is found. In the mount table all of its mounts look
 * alike: fuse-overlayfs ignores options that it does not know, and does not pass `fsname` on to libfuse.
 */
function mark(name: string): string {
  return `fsname=${name}`
}

function limits({ backing, options }: DriverConfig<FuseOverlayfsOptions>): readonly Limit[] {
  const found: Limit[] = [
    {
      check: 'rename a directory of the image',
      reason: 'rename(2) answers EXDEV, and mv copies the directory',
    },
    {
      check: 'hard links of the image stay together',
      reason:
        'only the daemon that copied the file up knows of its other names: mounted again, they are apart',
    },
  ]
  if (options.timeout > 0) {
    found.push({
      check: 'delete a directory and create it again',
      reason: 'until it is mounted again, old contents can be opened by name; 1.15 no longer looks for them',
    })
  }
  if (backing === 'ext4') {
    const reason = 'copies holes as data where the backing cannot share extents'
    found.push(
      { check: 'a sparse file of the image stays sparse when it is changed', reason },
      { check: 'a change beyond 4 GiB in a file of the image', reason },
    )
  }
  return found
}
