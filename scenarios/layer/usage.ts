/** op=usage: how much does this container or layer hold? Engines ask it again and again, of each of them. */
import { lstatSync, readdirSync } from 'node:fs'
import type { Trial } from '../../harness/contracts/scenario.ts'
import type { Usage } from '../../harness/contracts/snapshotter.ts'
import type { Witness } from '../../harness/contracts/witness.ts'
import { beginning, ending, seconds, secondsByTool } from '../common/phases.ts'
import type { TreeState } from '../common/tree-state.ts'
import { contradiction } from '../common/witness.ts'
import { BLOCK } from '../dataset/content.ts'
import { timeStep } from './chain.ts'
import { requireTree } from '../common/require-tree.ts'
import {
  afterCommit,
  changeContainer,
  expectedTree,
  freshContainer,
  type ChangedContainer,
} from './changed-container.ts'
import { witnessOf } from './commit.ts'
import type { OperationCode } from './operation.ts'
import type { LayerParams } from './params.ts'

/** How often each question is asked. A choice. */
const TIMES = 5
/** Share of what the store has grown by, and bytes, by which an answer may differ: directories, journals, trees. */
const SHARE_OFF = 0.25
const BYTES_OFF = 1024 ** 2

interface Observed extends ChangedContainer {
  layer: string
  ofContainer: Usage
  ofLayer: Usage
}

export const usage: OperationCode<Observed> = {
  phases: [
    ...beginning,
    seconds('sync', 'Make all durable'),
    { ...secondsByTool('usage', 'Tell what the container holds'), headline: true },
    secondsByTool('usage-layer', 'Tell what the layer holds'),
    seconds('usages', 'All questions'),
    seconds('walk', 'Look at every file of the container'),
    ...ending,
    seconds('remove-layers', 'Remove the layers'),
  ],
  run,
  verify,
}

async function run(trial: Trial<LayerParams>): Promise<Observed> {
  const { clock, layers } = trial
  const changed = await changeContainer(trial)
  const { container } = changed
  clock.time('sync', () => {
    container.sync()
    layers.sync()
  })
  const ofContainer = await ask(trial, 'usage', () => layers.usage(container))
  clock.time('walk', () => walk(container.root))
  await layers.unmount(container)
  const layer = await layers.commit(container)
  layers.sync()
  const ofLayer = await ask(trial, 'usage-layer', () => layers.usage(layer))
  return { ...changed, layer, ofContainer, ofLayer }
}

/** Asks several times; the phase is the median. Returns the last answer. */
async function ask(trial: Trial<LayerParams>, phase: string, question: () => Promise<Usage>): Promise<Usage> {
  const values: number[] = []
  let answer: Usage = { bytes: Number.NaN, inodes: null }
  for (let time = 0; time < TIMES; time += 1) {
    values.push(
      await timeStep(trial, 'usages', async () => {
        answer = await question()
      }),
    )
  }
  trial.record.series(phase, values)
  return answer
}

/** What an engine does where the driver cannot tell: lstat(2) of every entry. Returns its bytes. */
function walk(path: string): number {
  let bytes = 0
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const child = `${path}/${entry.name}`
    bytes += lstatSync(child).blocks * 512
    if (entry.isDirectory()) bytes += walk(child)
  }
  return bytes
}

async function verify(trial: Trial<LayerParams>, observed: Observed): Promise<Witness> {
  const { ofContainer, ofLayer, layer } = observed
  // At rest: xfs keeps blocks in reserve while it is written to. Before there is another container.
  const grown = await trial.evidence.allocated()
  const expected = afterCommit(trial, await expectedTree(trial, observed))
  const { root } = await freshContainer(trial, layer)
  const hash = requireTree(trial, root, expected, 'a container on the committed layer')
  const most = bytesOf(expected)
  requireAnswer(trial, 'the container', ofContainer.bytes, { grown, most })
  requireAnswer(trial, 'the layer', ofLayer.bytes, { grown, most })
  return witnessOf(trial, observed, hash, {
    answered: ofContainer.bytes,
    answeredOfLayer: ofLayer.bytes,
    grown,
    ...(ofContainer.inodes === null ? {} : { inodes: ofContainer.inodes }),
  })
}

/** Returns the bytes of all files of a tree, in whole blocks. */
function bytesOf(tree: TreeState): number {
  let bytes = 0
  for (const state of tree.values()) bytes += Math.ceil(Number(state['size'] ?? 0) / BLOCK) * BLOCK
  return bytes
}

/**
 * Throws `witness.content` where an answer is below what the store has grown by, or above all that the tree has. Warns where it is
 * above what the store has grown by: it counts what is shared with the layers below.
 */
function requireAnswer(
  { record }: Trial<LayerParams>,
  of: string,
  answered: number,
  { grown, most }: { grown: number; most: number },
): void {
  const off = (bytes: number) => SHARE_OFF * bytes + BYTES_OFF
  const said = `the driver says that ${of} holds ${answered} bytes; the store has grown by ${grown}`
  const above = Math.max(grown + off(grown), most + off(most))
  if (answered < grown - off(grown) || answered > above) throw contradiction('content', said)
  if (answered > grown + off(grown)) record.warning('layer.usage', said)
}
