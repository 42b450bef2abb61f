/** layer: what is done to whole layers: forking, building, committing, moving them elsewhere, asking what they hold. */
import type { Phase } from '../../harness/contracts/phase.ts'
import type { Scenario } from '../../harness/contracts/scenario.ts'
import { branch } from './branch.ts'
import { build } from './build.ts'
import { commit } from './commit.ts'
import { deletion } from './delete.ts'
import type { OperationCode } from './operation.ts'
import {
  footprint,
  image,
  label,
  params,
  profiles,
  subject,
  type LayerParams,
  type Operation,
} from './params.ts'
import { apply, diff } from './transfer.ts'
import { usage } from './usage.ts'

const OPERATIONS: Readonly<Record<Operation, OperationCode>> = {
  branch,
  build,
  commit,
  delete: deletion,
  diff,
  apply,
  usage,
}

/** Phases that several operations have are listed once. */
const all = new Map<string, Phase>(
  Object.values(OPERATIONS).flatMap(({ phases }) => phases.map((phase) => [phase.id, phase] as const)),
)

export const layer: Scenario<LayerParams> = {
  meta: {
    id: 'layer',
    title: 'Work on layers',
    question:
      'What does it cost to fork a container, to build, commit, diff and apply layers, and does it cost more the deeper they are?',
    phases: [...all.values()],
    phasesOf: ({ op }) => OPERATIONS[op].phases.map(({ id }) => id),
  },
  params,
  profiles,
  label,
  subject,
  image,
  footprint,
  run: (trial) => OPERATIONS[trial.params.op].run(trial),
  verify: (trial, observed) => OPERATIONS[trial.params.op].verify(trial, observed),
}
