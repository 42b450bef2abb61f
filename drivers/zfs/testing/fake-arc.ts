/** An ARC that takes limits as the module does: module/zfs/arc.c, arc_tuning_update. */
import type { Arc } from '../arc.ts'

const MEBIBYTE = 1024 ** 2

export interface FakeArc extends Arc {
  /** Parameter and limit in force. */
  state(): [parameter: string, inForce: number]
}

/** Takes what lies between 64 MiB and `memory`. Before, half of the memory is in force, by the module's own choice. */
export function createFakeArc(memory = 1024 * MEBIBYTE): FakeArc {
  let parameter = '0'
  let inForce = memory / 2
  return {
    path: '/parameters/zfs_arc_max',
    parameter: () => parameter,
    set(value) {
      parameter = value
      const bytes = Number(value)
      if (bytes >= 64 * MEBIBYTE && bytes < memory) inForce = bytes
    },
    counter: (name) => (name === 'c_max' ? inForce : MEBIBYTE),
    state: () => [parameter, inForce],
  }
}
