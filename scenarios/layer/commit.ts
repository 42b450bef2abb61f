/** op=commit: a container with all kinds of change becomes a layer. */
import type { Trial } from '../../harness/contracts/scenario.ts'
import type { Witness } from '../../harness/contracts/witness.ts'
import { beginning, ending, seconds } from '../common/phases.ts'
import { requireLower } from '../common/witness.ts'
import { requireTree } from '../common/require-tree.ts'
import {
  afterCommit,
  changeContainer,
  expectedTree,
  freshContainer,
  type ChangedContainer,
} from './changed-container.ts'
import type { OperationCode } from './operation.ts'
import type { LayerParams } from './params.ts'
import { LOWEST } from './places.ts'

interface Observed extends ChangedContainer {
  layer: string
}

export const commit: OperationCode<Observed> = {
  phases: [
    ...beginning,
    seconds('commit', 'Unmount and commit'),
    seconds('sync', 'Make all durable'),
    { ...seconds('commit-durable', 'Commit, durable'), headline: true, sum: ['commit', 'sync'] },
    ...ending,
    seconds('remove-layers', 'Remove the layers'),
  ],
  run,
  verify,
}

async function run(trial: Trial<LayerParams>): Promise<Observed> {
  const { clock, layers } = trial
  const changed = await changeContainer(trial)
  const layer = await clock.timeAsync('commit', async () => {
    await layers.unmount(changed.container)
    return layers.commit(changed.container)
  })
  clock.time('sync', () => layers.sync())
  return { ...changed, layer }
}

/** The layer shows under a fresh container what the container must have shown. */
async function verify(trial: Trial<LayerParams>, observed: Observed): Promise<Witness> {
  const expected = afterCommit(trial, await expectedTree(trial, observed))
  const { root } = await freshContainer(trial, observed.layer)
  const containerHash = requireTree(trial, root, expected, 'a container on the committed layer')
  return witnessOf(trial, observed, containerHash)
}

/** Returns the witness of an operation on a changed container. */
export async function witnessOf(
  trial: Trial<LayerParams>,
  { attributes }: ChangedContainer,
  containerHash: string,
  details: Witness['details'] = {},
): Promise<Witness> {
  const { files, size } = trial.params
  return {
    mechanism: null,
    before: null,
    after: null,
    containerHash,
    lowerHash: await requireLower(trial, LOWEST),
    bytesChanged: files * size,
    changed: { objects: files, word: 'file' },
    details: { ...details, attributes },
  }
}
