/** Evidence of devmapper: every snapshot is a thin device with a file system inside. */
import { statSync } from 'node:fs'
import { basename } from 'node:path'
import type { Syscalls } from '../../../harness/contracts/syscalls.ts'
import type { Control } from '../../../harness/linux/dm/control.ts'
import { tableOf } from '../../../harness/linux/dm/verbs.ts'
import { readMounts } from '../../../harness/linux/mountinfo.ts'
import { driverError } from '../../common/catalog.ts'
import {
  mountOf,
  poolCondition,
  provenanceInPool,
  writeBack,
  type ThinDevice,
} from '../../common/thin/evidence.ts'
import type { ThinPool } from '../../common/thin/pool.ts'
import type { Evidence, Held } from './evidence.ts'

export function thinEvidence(syscalls: Syscalls, control: Control, pool: ThinPool): Evidence {
  const nodeOf = ({ mounts }: Held) => mounts[0]?.source ?? ''

  function deviceOf(held: Held): ThinDevice {
    const node = nodeOf(held)
    return { node, dev: statSync(node).rdev }
  }

  /** The table is `thin POOL ID`. */
  function thinIdOf(held: Held): number {
    const [target] = tableOf(control, basename(nodeOf(held)))
    const id = target?.parameters.split(' ')[1]
    if (id === undefined) throw driverError('not-found', `${nodeOf(held)} is no thin device`)
    return Number(id)
  }

  return {
    countsInodes: false,
    mountsOf: (mounts) => mounts,
    countMounts: (held) => readMounts().filter(({ source }) => source === nodeOf(held)).length,
    provenance: (held, path) => provenanceInPool(syscalls, pool, thinIdOf(held), deviceOf(held), path),
    condition(active) {
      const condition = poolCondition(pool)
      const row = active.map((held) => mountOf(deviceOf(held))).find((found) => found !== undefined)
      if (condition.failure !== undefined || row === undefined) return condition
      return { ...condition, details: { ...condition.details, mounted: `${row.type} ${row.mountOptions}` } }
    },
    async settle(active) {
      for (const held of active) writeBack(syscalls, pool, deviceOf(held))
      // Commits the metadata, which may lag up to a second behind.
      pool.status()
    },
  }
}
