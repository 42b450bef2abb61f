/** Evidence of native: every snapshot is a directory with the whole tree. */
import { join } from 'node:path'
import type { Host } from '../../../harness/contracts/host.ts'
import { extentBytes } from '../../../harness/linux/fiemap.ts'
import type { MountedBacking } from '../../common/backing.ts'
import { createBindCounter } from '../../common/bind-counter.ts'
import type { Evidence, Held } from './evidence.ts'

export function directoryEvidence(host: Host, backing: MountedBacking): Evidence {
  const binds = createBindCounter(backing.path)
  const directory = ({ mounts }: Held) => mounts[0]?.source ?? ''
  return {
    countsInodes: true,
    mountsOf: (mounts) => mounts,
    countMounts: (held) => binds.count(directory(held)),
    provenance: (held, path) => ({
      layer: held.kind === 'view' ? 'lower' : 'own',
      ...extentBytes(host.syscalls, join(directory(held), path)),
    }),
    condition: ([first]) => (first === undefined ? {} : { details: { mounted: `${first.mounts[0]?.type}` } }),
  }
}
