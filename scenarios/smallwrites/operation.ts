import type { Phase } from '../../harness/contracts/phase.ts'
import type { Trial } from '../../harness/contracts/scenario.ts'
import type { Witness } from '../../harness/contracts/witness.ts'
import type { SmallwritesParams } from './params.ts'

/** One `op=` of the scenario. `O`: the observation that `run` hands to `verify`. */
export interface OperationCode<O = unknown> {
  /** Its own phases, between mount and umount. */
  readonly phases: readonly Phase[]
  /** Phases that a cell with these parameters lacks. */
  absent?(params: SmallwritesParams): readonly string[]
  run(trial: Trial<SmallwritesParams>): Promise<O>
  verify(trial: Trial<SmallwritesParams>, observed: O): Promise<Witness>
}
