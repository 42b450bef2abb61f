/** metadata: what it costs to find, open, list and read files, and whether the number of layers has a part in it. */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { Phase } from '../../harness/contracts/phase.ts'
import type { Scenario, Trial } from '../../harness/contracts/scenario.ts'
import { beginning, ending, secondsByTool } from '../common/phases.ts'
import { planOperations, titles } from './operations.ts'
import { image, label, onOwnImage, subject, params, profiles, type MetadataParams } from './params.ts'
import { everyFile, fileOf, HOME, operations, PLACES, placesOf, WITNESS_FILE } from './places.ts'
import { repeatInOrder } from './series.ts'
import { MOST_ALLOCATED, provenanceOf, verify, type Observed } from './verify.ts'

const own: readonly Phase[] = operations.map((id) => ({
  ...secondsByTool(id, titles[id]),
  ...(id === 'open' ? { headline: true } : {}),
}))

export const metadata: Scenario<MetadataParams, Observed> = {
  meta: {
    id: 'metadata',
    title: 'Finding and opening files',
    question:
      'What does it cost to find, open, list and read files of the image, and does the number of layers count?',
    phases: [...beginning, ...own, ...ending],
  },
  params,
  profiles,
  label,
  subject,
  image,
  onOwnImage,
  footprint: () => ({ changed: MOST_ALLOCATED, written: MOST_ALLOCATED, containers: 1 }),
  run,
  verify,
}

async function run(trial: Trial<MetadataParams>): Promise<Observed> {
  const container = trial.container()
  await container.prepare()
  await container.mount()
  // Before the cache is set: looking at the extents brings inodes and directories into it.
  const before = await provenanceOf(container)
  await trial.cache.set(container, trial.cache.state === 'cold' ? [WITNESS_FILE] : everyFile)
  const allocated = await trial.evidence.allocated()
  // The way to the places is walked beforehand, or the first touch of all would pay for it.
  statSync(join(container.root, HOME))
  const { calls, contents } = planOperations(container.root)
  const { iterations } = trial.params
  const repetition =
    trial.cache.state === 'cold' ? { times: PLACES, warmUp: 0 } : { times: iterations, warmUp: PLACES }
  for (const [phase, values] of repeatInOrder(calls, repetition)) trial.record.series(phase, values)
  await trial.cache.requireColdRead(placesOf('read').map(fileOf))
  return { container, before, allocated, contents }
}
