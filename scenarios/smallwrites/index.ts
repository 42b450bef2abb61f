/** smallwrites: many small changes to files of the image, where the cost of each is all that counts. */
import type { Phase } from '../../harness/contracts/phase.ts'
import type { Scenario } from '../../harness/contracts/scenario.ts'
import { beginning, ending } from '../common/phases.ts'
import { appendMany } from './append-many.ts'
import { createMany } from './create-many.ts'
import type { OperationCode } from './operation.ts'
import {
  footprint,
  image,
  label,
  subject,
  params,
  profiles,
  type Operation,
  type SmallwritesParams,
} from './params.ts'
import { randomWrite } from './random-write.ts'
import { sustainedWrite } from './sustained-write.ts'

const OPERATIONS: Readonly<Record<Operation, OperationCode>> = {
  'append-many': appendMany,
  'create-many': createMany,
  'random-write': randomWrite,
  'sustained-write': sustainedWrite,
}

/** syncfs belongs to two operations, and is listed once. */
const own = new Map<string, Phase>(
  Object.values(OPERATIONS).flatMap(({ phases }) => phases.map((phase) => [phase.id, phase] as const)),
)

export const smallwrites: Scenario<SmallwritesParams> = {
  meta: {
    id: 'smallwrites',
    title: 'Many small writes',
    question:
      'What do many small changes to files of the image cost: appending, creating, writing at random?',
    phases: [...beginning, ...own.values(), ...ending],
    phasesOf,
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

function phasesOf(given: SmallwritesParams): readonly string[] {
  const { phases, absent } = OPERATIONS[given.op]
  const without = absent?.(given) ?? []
  return [...beginning, ...phases, ...ending].map(({ id }) => id).filter((id) => !without.includes(id))
}
