/** op=delete: a container that changed files is deleted, and its layer goes with it. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Trial } from '../../harness/contracts/scenario.ts'
import type { Witness } from '../../harness/contracts/witness.ts'
import { beginning, seconds } from '../common/phases.ts'
import { contradiction } from '../common/witness.ts'
import { changeContainer, expectedTree, type ChangedContainer } from './changed-container.ts'
import { witnessOf } from './commit.ts'
import type { OperationCode } from './operation.ts'
import type { LayerParams } from './params.ts'
import { LOWEST } from './places.ts'

interface Observed extends ChangedContainer {
  /** Bytes that the store had grown by with the container, and without it. */
  held: number
  left: number
}

export const deletion: OperationCode<Observed> = {
  phases: [
    ...beginning,
    seconds('delete', 'Unmount and remove the container'),
    seconds('sync', 'Make all durable'),
    { ...seconds('delete-durable', 'Delete, durable'), headline: true, sum: ['delete', 'sync'] },
    { id: 'held', title: 'Space of the container', unit: 'bytes', better: 'lower' },
    { id: 'left', title: 'Space that is left of it', unit: 'bytes', better: 'lower' },
  ],
  run,
  verify,
}

async function run(trial: Trial<LayerParams>): Promise<Observed> {
  const { clock, layers, record } = trial
  const changed = await changeContainer(trial)
  const { container } = changed
  const held = await grownAtRest(trial, changed)
  await clock.timeAsync('delete', async () => {
    await layers.unmount(container)
    await layers.remove(container)
  })
  clock.time('sync', () => layers.sync())
  const left = await grownAtRest(trial, changed)
  record.value('held', held)
  record.value('left', left)
  return { ...changed, held, left }
}

/** Returns bytes. A store that frees something of its own meanwhile has not grown. */
async function grownAtRest(
  { cache, evidence }: Trial<LayerParams>,
  { container }: ChangedContainer,
): Promise<number> {
  await cache.set(container, [])
  return Math.max(0, await evidence.allocated())
}

/** The image is what it was, and the driver knows no such container any more. */
async function verify(trial: Trial<LayerParams>, observed: Observed): Promise<Witness> {
  const { container, held, left } = observed
  if (existsSync(join(container.root, LOWEST)))
    throw contradiction('mechanism', 'the container was deleted, and its mount point still shows the image')
  if (await isKnown(trial, observed))
    throw contradiction('mechanism', 'the container was deleted, and the driver still tells what it holds')
  await expectedTree(trial, observed)
  const witness = await witnessOf(trial, observed, '', { held, left })
  return { ...witness, containerHash: null }
}

async function isKnown({ layers }: Trial<LayerParams>, { container }: ChangedContainer): Promise<boolean> {
  try {
    await layers.usage(container)
    return true
  } catch {
    return false
  }
}
