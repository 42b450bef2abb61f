/** Evidence of blockfile: every snapshot is a file with a file system inside, mounted through a loop device. */
import { join } from 'node:path'
import type { Syscalls } from '../../../harness/contracts/syscalls.ts'
import { extentsOf, occupied } from '../../../harness/linux/fiemap.ts'
import { readMounts } from '../../../harness/linux/mountinfo.ts'
import { imageBytes } from '../../common/loop/image-bytes.ts'
import { readLoopMounts, syncInner } from '../../common/loop/loop-mounts.ts'
import type { Evidence, Held } from './evidence.ts'

export interface ImagePlaces {
  /** The empty image. */
  base: string
  /** The folder of the snapshots' files. */
  snapshots: string
}

export function imageEvidence(syscalls: Syscalls, { base, snapshots }: ImagePlaces): Evidence {
  const fileOf = ({ mounts }: Held) => mounts[0]?.source ?? ''
  const mountsOf = (held: Held) => readLoopMounts().filter(({ file }) => file === fileOf(held))
  return {
    countsInodes: false,
    mountsOf: (mounts) => mounts,
    countMounts: (held) => mountsOf(held).length,
    provenance(held, path, parent) {
      syncInner(syscalls, snapshots)
      const [mount] = mountsOf(held)
      const parts = mount === undefined ? undefined : occupied(extentsOf(syscalls, join(mount.target, path)))
      const below = parent === null ? base : fileOf(parent)
      return { layer: 'shared', ...imageBytes(syscalls, fileOf(held), below, parts) }
    },
    condition(active) {
      const [mount] = active.flatMap(mountsOf)
      const row = readMounts().findLast(({ target }) => target === mount?.target)
      return row === undefined ? {} : { details: { mounted: `${row.type} ${row.mountOptions}` } }
    },
    cacheFiles: (held) => () => mountsOf(held).flatMap(({ file, direct }) => (direct ? [] : [file])),
    async settle() {
      syncInner(syscalls, snapshots)
    },
  }
}
