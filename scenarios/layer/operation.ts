import type { Trial } from '../../harness/contracts/scenario.ts'
import type { Phase } from '../../harness/contracts/phase.ts'
import type { Witness } from '../../harness/contracts/witness.ts'
import type { LayerParams } from './params.ts'

/** One `op=` of the scenario. `O`: the observation that `run` hands to `verify`. */
export interface OperationCode<O = unknown> {
  /** All phases of the scenario that a cell reports, in order. */
  readonly phases: readonly Phase[]
  run(trial: Trial<LayerParams>): Promise<O>
  verify(trial: Trial<LayerParams>, observed: O): Promise<Witness>
}
