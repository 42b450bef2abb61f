/** unionfs-fuse: branches stacked by a FUSE daemon of the generation before overlay. */
import type { Driver, Limit } from '../../harness/contracts/driver.ts'
import { buildOn, openBacking } from '../common/backing.ts'
import { programVersion } from '../common/fuse.ts'
import { createLayeredStore, type Union } from '../common/layered-store.ts'
import { probeDriver } from '../common/probe.ts'
import { changedOnly } from '../common/space.ts'
import { daemonOptions, unionfsOptions, type UnionfsOptions } from './options.ts'

/** Its own name; Debian links `unionfs-fuse` to it. */
const PROGRAM = 'unionfs'

const COPIES_HOLES = 'copies every block by read(2) and write(2), holes as data'
const LIMITS: readonly Limit[] = [
  { check: 'extended attributes', reason: 'answers ENOTSUP: the package is built without them' },
  { check: 'a sparse file of the image stays sparse when it is changed', reason: COPIES_HOLES },
  { check: 'a change beyond 4 GiB in a file of the image', reason: COPIES_HOLES },
  {
    check: 'hard links of the image stay together',
    reason: 'the name that is written gets a copy of its own',
  },
]

export const unionfsFuse: Driver<UnionfsOptions> = {
  meta: {
    id: 'unionfs-fuse',
    title: 'unionfs-fuse',
    summary:
      'Stacks directories by a FUSE daemon: the first change of a file copies all of it, block by block, to the writable branch.',
    cowUnit: 'file',
    emulated: false,
    role: 'driver',
    backings: ['ext4', 'xfs', 'btrfs'],
    needs: { filesystems: ['fuse'], programs: [{ name: PROGRAM, version: '--version' }] },
    options: unionfsOptions,
    showcase: ['unionfs-fuse@ext4'],
    spaceNeeded: (_config, layers, containers, changed) => changedOnly(layers, containers, changed),
    limits: () => LIMITS,
  },

  probe: (host, config) => probeDriver(host, unionfsFuse, config, () => programVersion(host, PROGRAM)),

  async open(host, config, scratch) {
    const backing = await openBacking(host, scratch.device, config.backing, `${scratch.directory}/s`)
    return buildOn(backing, () => createLayeredStore(host, backing, union(config.options)))
  },
}

function union(options: UnionfsOptions): Union {
  // A container has other users than root, set-user-ID programs and device nodes; overlay needs no word for that.
  const always = ['cow', 'hide_meta_files', 'allow_other', 'suid', 'dev']
  const extra = [...always, ...daemonOptions(options)]
  return {
    needsWorkDirectory: false,
    mount({ name, lowers, upper }) {
      const branches = [...(upper === null ? [] : [`${upper}=RW`]), ...lowers.map((path) => `${path}=RO`)]
      const list = [`fsname=${name}`, ...extra, ...(upper === null ? ['ro'] : [])]
      return {
        type: `fuse.${PROGRAM}`,
        source: name,
        options: [],
        args: ['-f', '-o', list.join(','), branches.join(':')],
      }
    },
  }
}
