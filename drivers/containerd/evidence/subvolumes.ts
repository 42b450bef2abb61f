/** Evidence of btrfs: every snapshot is a subvolume, which containerd mounts by its number. */
import { closeSync, openSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Host } from '../../../harness/contracts/host.ts'
import type { Mount } from '../../../harness/contracts/snapshotter.ts'
import { extentBytes } from '../../../harness/linux/fiemap.ts'
import { readMounts } from '../../../harness/linux/mountinfo.ts'
import { untilFreed } from '../../common/btrfs/freeing.ts'
import { subvolumeInfo } from '../../common/btrfs/ioctl.ts'
import { driverError } from '../../common/catalog.ts'
import type { Evidence, Held } from './evidence.ts'

/** Folders of the snapshotter that hold subvolumes. */
const FOLDERS = ['active', 'view', 'snapshots']

/** `root`: the folder of the snapshotter. */
export function subvolumeEvidence(host: Host, root: string): Evidence {
  const { syscalls } = host
  const fd = openSync(root, 'r')
  const known = new Map<number, string>()

  function directory(held: Held): string {
    const found = known.get(held.id) ?? find(numberOf(held.mounts))
    known.set(held.id, found)
    return found
  }

  function find(number: string): string {
    const all = FOLDERS.flatMap((folder) =>
      readdirSync(join(root, folder)).map((name) => join(root, folder, name)),
    )
    const found = all.find((path) => {
      const subvolume = openSync(path, 'r')
      try {
        return subvolumeInfo(syscalls, subvolume).treeId === BigInt(number)
      } finally {
        closeSync(subvolume)
      }
    })
    if (found === undefined)
      throw driverError('not-found', `no subvolume below ${root} has the number ${number}`)
    return found
  }

  const rows = ({ mounts }: Held) =>
    readMounts().filter(({ superOptions }) =>
      superOptions.split(',').includes(`subvolid=${numberOf(mounts)}`),
    )
  return {
    countsInodes: true,
    mountsOf: (mounts) => mounts,
    countMounts: (held) => rows(held).length,
    provenance: (held, path) => ({ layer: 'shared', ...extentBytes(syscalls, join(directory(held), path)) }),
    condition(active) {
      const row = active.flatMap(rows)[0]
      return row === undefined ? {} : { details: { mounted: `btrfs ${row.mountOptions}` } }
    },
    settle: () => untilFreed(syscalls, fd),
    close: () => closeSync(fd),
  }
}

function numberOf([mount]: readonly Mount[]): string {
  return mount?.options.find((option) => option.startsWith('subvolid='))?.slice('subvolid='.length) ?? '0'
}
