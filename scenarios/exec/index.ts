/** exec: the user's command in a container of the user's image, and what it made the driver do. */
import type { Container, Scenario, Trial } from '../../harness/contracts/scenario.ts'
import type { Witness } from '../../harness/contracts/witness.ts'
import { beginning, ending, seconds, secondsByTool } from '../common/phases.ts'
import { requireLower } from '../common/witness.ts'
import { programIn } from '../dataset/own-image/program.ts'
import { readChanges, readLayer, type Changes, type LayerContent } from './changes.ts'
import { compareEnd } from './end-state.ts'
import {
  argsOf,
  footprint,
  image,
  label,
  onOwnImage,
  params,
  profiles,
  subject,
  type ExecParams,
} from './params.ts'
import { runCommand, type Ran } from './run-command.ts'
import { requireVolume } from './volume.ts'

interface Observed {
  container: Container
  ran: Ran
}

export const exec: Scenario<ExecParams, Observed> = {
  meta: {
    id: 'exec',
    title: 'Your command',
    question:
      'What does your command cost on each driver, until its changes are durable, and what did it make the driver do?',
    phases: [
      ...beginning,
      seconds('create', 'Create the container'),
      seconds('command', 'The command, from start to exit'),
      seconds('syncfs', 'Make its changes durable'),
      { ...seconds('command-durable', 'The command, durable'), headline: true, sum: ['command', 'syncfs'] },
      { ...secondsByTool('cpu', 'Time of processors that it used'), within: true },
      seconds('delete', 'Delete the container'),
      ...ending,
    ],
    tallies: [
      { id: 'rewritten', bytes: 'rewrittenBytes', title: 'Files rewritten' },
      { id: 'attributes', title: 'Other mode or owner' },
      { id: 'created', bytes: 'createdBytes', title: 'Created' },
      { id: 'removed', title: 'Removed' },
      { id: 'copiedUp', bytes: 'copiedUpBytes', title: 'Files copied up' },
      { id: 'whiteouts', title: 'Whiteouts' },
    ],
  },
  params,
  profiles,
  label,
  subject,
  image,
  onOwnImage,
  footprint,
  run,
  verify,
}

async function run(trial: Trial<ExecParams>): Promise<Observed> {
  if (trial.own !== null) programIn(trial.own, argsOf(trial.params))
  const ran = await runCommand(trial)
  if (ran.cpuSeconds !== null) trial.record.seconds('cpu', ran.cpuSeconds)
  return { container: trial.container(), ran }
}

async function verify(trial: Trial<ExecParams>, { container, ran }: Observed): Promise<Witness> {
  const { evidence, layers, params: given, round } = trial
  const program = trial.own === null ? 'bin/busybox' : programIn(trial.own, argsOf(given))
  // Before anything else is looked at, which would warm it.
  await trial.cache.requireColdRead([program])
  const changes = await evidence.withImage((root) =>
    readChanges(evidence.manifest, container.root, round === 0 ? null : root),
  )
  const { unstable, compared } = compareEnd(workOf(trial), evidence.devices.join(), changes.end)
  const volume = ran.volume === null ? {} : { volume: await requireVolume(trial, container, ran.volume) }
  const lowerHash = await requireLower(trial, program)
  const directory = await layers.changes(container)
  const layer = directory === null ? null : readLayer(evidence.manifest, directory)
  const objects = changes.end.size
  return {
    ...(await howCopied(container, layer)),
    before: null,
    containerHash: null,
    lowerHash,
    bytesChanged: changes.rewrittenBytes + changes.createdBytes,
    changed: objects === 0 ? null : { objects, word: 'path' },
    details: {
      ...volume,
      ...countsOf(changes),
      ...(layer === null
        ? {}
        : { copiedUp: layer.copiedUp, copiedUpBytes: layer.copiedUpBytes, whiteouts: layer.whiteouts }),
      endState: compared ? 'the same as on the other drivers' : 'kept for the next rounds',
      ...(unstable.length === 0
        ? {}
        : { unstable: unstable.length, unstablePaths: unstable.slice(0, 5).join(', ') }),
      ...(ran.memoryPeak === null ? {} : { memoryPeak: ran.memoryPeak }),
      ...(given.cpus === null || ran.throttledPeriods === null
        ? {}
        : { throttledPeriods: ran.throttledPeriods }),
      ...(given.memory === null || ran.oomKills === null ? {} : { oomKills: ran.oomKills }),
    },
  }
}

/** How a union got the largest file that it has of its own: by copying or by cloning it. */
async function howCopied(
  container: Container,
  layer: LayerContent | null,
): Promise<Pick<Witness, 'mechanism' | 'after'>> {
  if (layer === null || layer.largest === null) return { mechanism: null, after: null }
  const after = await container.provenance(layer.largest)
  return { mechanism: (after.sharedBytes ?? 0) > 0 ? 'cloned' : 'copied-up', after }
}

function countsOf({ end: _, ...counts }: Changes): Record<string, number> {
  return counts
}

/** Names the work that must leave the same tree on every driver. */
function workOf({
  params: { command, volume, memory, cpus, iops, image: profile, layers },
  seed,
  own,
}: Trial<ExecParams>): string {
  return JSON.stringify([
    command,
    volume,
    memory,
    cpus,
    iops,
    profile,
    layers,
    seed,
    own?.facts.digest ?? null,
  ])
}
