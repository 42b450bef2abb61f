/** bigfile: what the first change of one large file costs, and in which phase. */
import { closeSync, fsyncSync, openSync } from 'node:fs'
import { join } from 'node:path'
import type { Phase } from '../../harness/contracts/phase.ts'
import type { Scenario, Trial } from '../../harness/contracts/scenario.ts'
import type { Witness } from '../../harness/contracts/witness.ts'
import type { Provenance } from '../../harness/contracts/witness.ts'
import { countedBy } from '../common/evidence.ts'
import { requireImageFile } from '../common/image-file.ts'
import { mechanismOf } from '../common/mechanism.ts'
import { beginning, ending, seconds } from '../common/phases.ts'
import { mountVolume, requirePassedBy, type PassingBy } from '../common/volume.ts'
import { prepareAction, putByte, type Action } from './action.ts'
import { changeOf, requireChanged } from './file-content.ts'
import {
  contentOf,
  fileOf,
  footprint,
  image,
  label,
  onOwnImage,
  params,
  profiles,
  seededContent,
  subject,
  writtenBy,
  type BigfileParams,
} from './params.ts'

/** Limit of a copy: the device reads the file (cold) and writes it. */
const COPY: NonNullable<Phase['limit']> = { operation: 'copy', pattern: 'sequential' }

const phases: readonly Phase[] = [
  ...beginning,
  { ...seconds('open', 'Open for writing'), limit: COPY },
  seconds('write', 'First change'),
  seconds('fsync', 'fsync of the first change'),
  {
    ...seconds('first-write', 'First write, durable'),
    headline: true,
    sum: ['open', 'write', 'fsync'],
    limit: COPY,
  },
  seconds('second-write', 'Write to another block, durable'),
  ...ending,
]

interface Observed {
  action: Action
  before: Provenance
  after: Provenance
  /** Null where the file lies in the image. */
  passing: PassingBy | null
}

export const bigfile: Scenario<BigfileParams, Observed> = {
  meta: {
    id: 'bigfile',
    title: 'First write to a large file',
    question: 'What does the first change to a large file of the image cost, and when is it paid?',
    phases,
    phasesOf: (given) =>
      phases.map((phase) => phase.id).filter((id) => !absentPhases(given.touch.kind).includes(id)),
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

function absentPhases(kind: BigfileParams['touch']['kind']): readonly string[] {
  if (kind === 'open') return ['write', 'second-write']
  if (kind === 'chmod') return ['open', 'second-write']
  return kind === 'fraction' ? ['second-write'] : []
}

async function run(trial: Trial<BigfileParams>): Promise<Observed> {
  const container = trial.container()
  await container.prepare()
  await container.mount()
  const file = fileOf(trial.params)
  const path = join(container.root, file)
  const action = prepareAction(trial.params, contentOf(trial), seededContent(trial), trial.host, path)
  // Before the cache is set: looking at the extents brings inodes and directories into it.
  const before = await container.provenance(file)
  const passing = await mountVolume(trial, container, file)
  await trial.cache.set(container, [file])
  const fd = touch(trial, action, path)
  try {
    // Beneath a volume nothing can be looked at.
    const after = passing === null ? await container.provenance(file) : before
    writeAgain(trial, action, fd)
    return { action, before, after, passing }
  } finally {
    closeSync(fd)
  }
}

/** The timed part. Returns a descriptor that the caller closes. */
function touch(trial: Trial<BigfileParams>, action: Action, path: string): number {
  const { opens, write } = action
  const opened = opens ? trial.clock.time('open', () => openSync(path, 'r+')) : null
  if (write !== null) trial.clock.time('write', () => write(opened ?? -1))
  // A touch by path is made durable through a descriptor that was not there before.
  const fd = opened ?? openSync(path, 'r')
  trial.clock.time('fsync', () => fsyncSync(fd))
  return fd
}

function writeAgain(trial: Trial<BigfileParams>, { second }: Action, fd: number): void {
  if (second === null) return
  trial.clock.time('second-write', () => {
    putByte(fd, second)
    fsyncSync(fd)
  })
}

async function verify(trial: Trial<BigfileParams>, observed: Observed): Promise<Witness> {
  const { action } = observed
  const { size } = trial.params
  const containerHash = await requireChanged(trial, action)
  const proof = await requireImageFile(trial, {
    path: fileOf(trial.params),
    content: contentOf(trial),
    size,
    container: { size: action.size, change: changeOf(action), changed: action.changedBlocks() },
  })
  const seen = await (observed.passing === null
    ? mechanismFor(trial, observed)
    : passedBy(trial, observed.passing))
  return {
    containerHash,
    ...proof,
    ...seen,
    details: { ...proof.details, ...seen.details },
    bytesChanged: action.bytesChanged,
    changed: { objects: 1, word: 'file' },
  }
}

type Seen = Pick<Witness, 'mechanism' | 'before' | 'after' | 'details'>

async function mechanismFor(trial: Trial<BigfileParams>, { action, before, after }: Observed): Promise<Seen> {
  const mechanism = mechanismOf({
    path: fileOf(trial.params),
    cowUnit: trial.evidence.cowUnit,
    change: action.kind,
    size: action.size,
    files: 1,
    rewritten: action.rewritten,
    before,
    after,
    ...(await countedBy(trial, trial.params.compressibility)),
  })
  return { mechanism, before, after }
}

function passedBy(trial: Trial<BigfileParams>, passing: PassingBy): Promise<Seen> {
  const { size, compressibility } = trial.params
  const work = { size, written: writtenBy(trial.params), compressibility }
  return requirePassedBy(trial, trial.container(), passing, work)
}
