/** tree: what it costs to change, remove, walk or copy a whole tree of the image. */
import type { Phase } from '../../harness/contracts/phase.ts'
import type { Container, Scenario, Trial } from '../../harness/contracts/scenario.ts'
import type { Provenance } from '../../harness/contracts/witness.ts'
import { countedBy } from '../common/evidence.ts'
import { DEFAULT_RATIO } from '../common/options.ts'
import { beginning, ending, seconds } from '../common/phases.ts'
import { eachFile, fileName } from '../dataset/many-files/places.ts'
import { lookAfterwards } from './afterwards.ts'
import { OPERATIONS } from './operations.ts'
import { footprintOnOwn, onOwnImage } from './own/plan.ts'
import { runOnOwn, verifyOnOwn, type OwnObserved } from './own/sample.ts'
import {
  contentsOf,
  footprint,
  image,
  isRead,
  label,
  params,
  profiles,
  subject,
  treeOf,
  type TreeParams,
} from './params.ts'
import { recreatedContents } from './recreated.ts'
import { examinedFiles, verify, withoutHoles, type Observed } from './verify.ts'

const changing: readonly Phase[] = [
  seconds('change', 'Change the tree'),
  seconds('syncfs', 'Make it durable'),
  { ...seconds('change-durable', 'Change the tree, durable'), headline: true, sum: ['change', 'syncfs'] },
]
const reading: readonly Phase[] = [{ ...seconds('read', 'Go through the tree'), headline: true }]
const afterwards: readonly Phase[] = [
  seconds('lookup', 'Look for each name that is gone'),
  seconds('list', 'List each directory where names are gone'),
]

/** Files of a large tree on which the cache is verified: to look at a million takes longer than to change them. */
const CACHE_FILES = 1000

export const tree: Scenario<TreeParams, Observed | OwnObserved> = {
  meta: {
    id: 'tree',
    title: 'Changing whole trees',
    question: 'What does it cost to change, move, remove, walk through or copy a whole tree of the image?',
    phases: [...beginning, ...changing, ...reading, ...afterwards, ...ending],
    phasesOf,
  },
  params,
  profiles,
  label,
  subject,
  image,
  onOwnImage,
  footprint: (given, own) => (own == null ? footprint(given) : footprintOnOwn(given, own)),
  run,
  verify: (trial, observed) => ('own' in observed ? verifyOnOwn(trial, observed) : verify(trial, observed)),
}

function phasesOf(given: TreeParams): readonly string[] {
  const own = isRead(given.op) ? reading : changing
  const then = OPERATIONS[given.op].after === undefined ? [] : afterwards
  return [...beginning, ...own, ...then, ...ending].map(({ id }) => id)
}

async function run(trial: Trial<TreeParams>): Promise<Observed | OwnObserved> {
  if (trial.params.image === 'own') return runOnOwn(trial)
  const container = trial.container()
  await container.prepare()
  await container.mount()
  const before = await provenanceOf(container, examinedFiles(trial.params, 'before'))
  await trial.cache.set(container, cachePaths(trial))
  const contents = contentsOf(trial.params, trial.seed)
  const counted = withoutHoles(await countedBy(trial, DEFAULT_RATIO), trial.params, contents)
  const work = OPERATIONS[trial.params.op].plan({
    root: container.root,
    tree: treeOf(trial.params),
    contents,
    recreated: recreatedContents(trial.seed, contents),
    syscalls: trial.host.syscalls,
  })
  const done = trial.clock.time(isRead(trial.params.op) ? 'read' : 'change', work)
  if (!isRead(trial.params.op)) trial.clock.time('syncfs', () => container.sync())
  await trial.cache.requireColdRead(trial.params.op === 'read-all' ? sampleOfFiles(trial.params) : [])
  await lookAfterwards(trial, container, OPERATIONS[trial.params.op].after?.(treeOf(trial.params)))
  const after = await provenanceOf(container, examinedFiles(trial.params, 'after'))
  return { container, done, before, after, counted }
}

async function provenanceOf(container: Container, paths: readonly string[]): Promise<Provenance[]> {
  const found: Provenance[] = []
  for (const path of paths) found.push(await container.provenance(path))
  return found
}

/** Cold is verified on a few only: to look at all of them takes as long as to change them. */
function cachePaths({ params: given, cache }: Trial<TreeParams>): string[] {
  if (cache.state === 'warm') return sampleOfFiles(given)
  return examinedFiles({ ...given, op: 'chown' }, 'before')
}

/** Returns up to {@link CACHE_FILES} files of the tree, spread evenly over it. */
function sampleOfFiles(given: TreeParams): string[] {
  const every = Math.ceil(given.files / CACHE_FILES)
  const paths: string[] = []
  eachFile(treeOf(given), (directory, index) => {
    if (index % every === 0) paths.push(`${directory}/${fileName(index)}`)
  })
  return paths
}
