/** op=diff and op=apply: what a container changed leaves as an archive of the OCI's form, and becomes a layer again elsewhere. */
import { join } from 'node:path'
import type { Trial } from '../../harness/contracts/scenario.ts'
import type { Witness } from '../../harness/contracts/witness.ts'
import { applyArchive } from '../common/archive/apply.ts'
import { writeDiff, writeUpper } from '../common/archive/diff.ts'
import { beginning, ending, seconds } from '../common/phases.ts'
import { readTree, withoutAdded, type TreeState } from '../common/tree-state.ts'
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

interface Archived extends ChangedContainer {
  archive: string
  /** Bytes of the archive, and its entries. */
  bytes: number
  entries: number
  /** Whether the trees had to be compared. */
  compared: boolean
}

type Written = Pick<Archived, 'bytes' | 'entries' | 'compared'>

export const diff: OperationCode<Archived> = {
  phases: [
    ...beginning,
    { ...seconds('diff', 'Write the difference as an archive'), headline: true },
    ...ending,
    seconds('remove-layers', 'Remove the layers'),
  ],
  run: (trial) => archiveContainer(trial, (work) => trial.clock.timeAsync('diff', work)),
  async verify(trial, observed) {
    const container = await freshContainer(trial, trial.layers.image)
    applyArchive(trial.host.syscalls, observed.archive, container.root)
    return verifyCopy(trial, observed, container.root)
  },
}

interface Applied extends Archived {
  layer: string
}

export const apply: OperationCode<Applied> = {
  phases: [
    ...beginning,
    seconds('setup', 'Prepare and mount'),
    seconds('unpack', 'Unpack the archive'),
    seconds('commit', 'Unmount and commit'),
    seconds('sync', 'Make all durable'),
    { ...seconds('apply', 'Apply, durable'), headline: true, sum: ['setup', 'unpack', 'commit', 'sync'] },
    ...ending,
    seconds('remove-layers', 'Remove the layers'),
  ],
  run: runApply,
  async verify(trial, observed) {
    const { root } = await freshContainer(trial, observed.layer)
    return verifyCopy(trial, observed, root, (tree) => afterCommit(trial, tree))
  },
}

/** Writes what a changed container has beside the image into an archive, as `carry` carries it out. */
async function archiveContainer(
  trial: Trial<LayerParams>,
  carry: (work: () => Promise<Written>) => Promise<Written>,
): Promise<Archived> {
  const { host, layers } = trial
  const changed = await changeContainer(trial)
  // The trees are compared as they stand when the container has come to rest.
  changed.container.sync()
  const archive = join(trial.directory, 'layer.tar')
  const { container } = changed
  const written = await carry(async () => {
    const upper = await layers.changes(container)
    if (upper !== null) return { ...writeUpper(host.syscalls, upper, archive), compared: false }
    return layers.withView(layers.image, (lower) => ({
      ...writeDiff(host.syscalls, lower, container.root, archive),
      compared: true,
    }))
  })
  return { ...changed, ...written, archive }
}

async function runApply(trial: Trial<LayerParams>): Promise<Applied> {
  const { clock, host, layers } = trial
  const archived = await archiveContainer(trial, (work) => work())
  // Nothing of the first container is left to be written with what is unpacked.
  layers.sync()
  const target = layers.container(layers.image)
  await clock.timeAsync('setup', async () => {
    await target.prepare()
    await target.mount()
  })
  clock.time('unpack', () => applyArchive(host.syscalls, archived.archive, target.root))
  const layer = await clock.timeAsync('commit', async () => {
    await layers.unmount(target)
    return layers.commit(target)
  })
  clock.time('sync', () => layers.sync())
  return { ...archived, layer }
}

/**
 * Checks that the container shows what it must, and the copy what the container shows, its times too. `copied`: what of the container
 * the copy must show; default: all.
 */
async function verifyCopy(
  trial: Trial<LayerParams>,
  observed: Archived,
  copy: string,
  copied: (tree: TreeState) => TreeState = (tree) => tree,
): Promise<Witness> {
  const expected = await expectedTree(trial, observed)
  requireTree(trial, observed.container.root, expected, 'the container')
  const shown = readTree(trial.host.syscalls, observed.container.root)
  const container = withoutAdded(shown, trial.evidence.adds, expected)
  const hash = requireTree(trial, copy, copied(container), 'the tree made of the archive')
  return witnessOf(trial, observed, hash, {
    archiveBytes: observed.bytes,
    archiveEntries: observed.entries,
    compared: observed.compared,
  })
}
