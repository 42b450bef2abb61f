/** density: what each further container of an image takes of memory and disk when all of them read the same files. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Phase } from '../../harness/contracts/phase.ts'
import type { Container, HeldFiles, Scenario, Trial } from '../../harness/contracts/scenario.ts'
import type { Mechanism, Witness } from '../../harness/contracts/witness.ts'
import { countedBy, type Counted } from '../common/evidence.ts'
import { mechanismOf } from '../common/mechanism.ts'
import { beginning, ending, seconds } from '../common/phases.ts'
import { contradiction, lowerDigest, requireContent } from '../common/witness.ts'
import {
  bytesOfCopy,
  footprint,
  image,
  label,
  params,
  pathsOf,
  profiles,
  subject,
  type DensityParams,
} from './params.ts'
import { closeAll, readAll } from './read.ts'

const phases: readonly Phase[] = [
  ...beginning,
  seconds('read-first', 'First container reads the files'),
  seconds('read-last', 'Last container reads them'),
  {
    id: 'copies',
    title: 'Copies of the files in memory',
    unit: 'count',
    better: 'lower',
    headline: true,
  },
  { id: 'cache-more', title: 'Page cache of each further container', unit: 'bytes', better: 'lower' },
  { id: 'disk-more', title: 'Disk of each further container', unit: 'bytes', better: 'lower' },
  ...ending,
]

/** Share of a copy by which the page cache of two containers may differ: their file systems read more than the files. */
const UNEVEN = 0.05

/** Phases that tell what containers after the first add. */
const OF_SEVERAL = ['read-last', 'cache-more', 'disk-more']

interface Observed {
  containers: readonly Container[]
  /** Bytes of page cache that each container takes and none before it. */
  held: readonly number[]
}

export const density: Scenario<DensityParams, Observed> = {
  meta: {
    id: 'density',
    title: 'Containers that read the same files',
    question: 'Do containers of one image share its files in memory and on disk, or does each take a copy?',
    phases,
    phasesOf: ({ containers }) =>
      phases.map(({ id }) => id).filter((id) => containers > 1 || !OF_SEVERAL.includes(id)),
  },
  params,
  profiles,
  label,
  subject,
  image,
  footprint,
  run,
  verify,
}

async function run(trial: Trial<DensityParams>): Promise<Observed> {
  const paths = pathsOf(trial.params)
  const [first, ...others] = Array.from({ length: trial.params.containers }, (_, index) =>
    trial.container(index),
  ) as [Container, ...Container[]]
  await bringUp(first)
  // The store is at rest when the cache has been set: only then its space can be compared.
  await trial.cache.set(first, paths)
  const alone = await trial.evidence.allocated()
  for (const container of others) await bringUp(container)
  if (others.length > 0) await trial.cache.set(first, paths)
  const together = await trial.evidence.allocated()
  const containers = [first, ...others]
  const held = await readInAll(trial, containers, paths)
  record(trial, held, together - alone)
  return { containers, held }
}

async function bringUp(container: Container): Promise<void> {
  await container.prepare()
  await container.mount()
}

/** The timed part. Nothing is looked at before the last container has read: to look would bring inodes into the cache. */
async function readInAll(
  trial: Trial<DensityParams>,
  containers: readonly Container[],
  paths: readonly string[],
): Promise<number[]> {
  const open: HeldFiles[] = []
  try {
    for (const [index, container] of containers.entries()) {
      const inside = paths.map((path) => join(container.root, path))
      const phase = phaseOf(index, containers.length)
      const descriptors = phase === null ? readAll(inside) : trial.clock.time(phase, () => readAll(inside))
      open.push({ container, files: new Map(paths.map((path, at) => [path, descriptors[at] as number])) })
    }
    return await trial.cache.held(open)
  } finally {
    for (const { files } of open) closeAll(files.values())
  }
}

function phaseOf(index: number, containers: number): string | null {
  if (index === 0) return 'read-first'
  return index === containers - 1 ? 'read-last' : null
}

function record({ params: given, record: out }: Trial<DensityParams>, held: readonly number[], disk: number) {
  const total = sum(held)
  out.value('copies', total / bytesOfCopy(given))
  const further = given.containers - 1
  if (further === 0) return
  out.value('cache-more', (total - (held[0] ?? 0)) / further)
  // A store that frees something meanwhile has not grown.
  out.value('disk-more', Math.max(0, disk) / further)
}

async function verify(trial: Trial<DensityParams>, { containers, held }: Observed): Promise<Witness> {
  const { params: given, evidence } = trial
  const paths = pathsOf(given)
  requireCounted(held, bytesOfCopy(given))
  const counted = await countedBy(trial, given.compressibility)
  const mechanisms = new Set<Mechanism | null>()
  for (const container of containers) mechanisms.add(await mechanismFor(trial, container, counted))
  const expected = digestOf(paths.map((path) => evidence.manifest.get(path)?.digest ?? ''))
  const seen = containers.map((container) =>
    digestOf(paths.map((path) => hashOf(join(container.root, path)))),
  )
  for (const digest of seen) requireContent(`the ${paths.length} files`, digest, expected)
  const lowerHash = await lowerDigest(trial, paths)
  const [mechanism = null] = mechanisms
  return {
    mechanism,
    before: null,
    after: null,
    containerHash: expected,
    lowerHash,
    bytesChanged: null,
    changed: null,
    details: { bytesRead: given.containers * given.files * given.size, cachedBytes: sum(held) },
  }
}

/**
 * Throws `witness.cache` where the first container caches less than it read, or the others not all the same: they are made alike,
 * so another program has dropped pages while they were counted.
 */
function requireCounted([first = 0, ...others]: readonly number[], copy: number): void {
  if (first < copy) throw contradiction('cache', `the first container read ${copy} bytes and caches ${first}`)
  const [least, most] = [Math.min(...others), Math.max(...others)]
  if (most - least > UNEVEN * copy) {
    throw contradiction(
      'cache',
      `of containers made alike one caches ${least} bytes of its own, another ${most}`,
    )
  }
}

/** Throws `witness.mechanism` where a file is not as prepare made it: copied up, or not even copied by a driver that copies all. */
async function mechanismFor(
  trial: Trial<DensityParams>,
  container: Container,
  counted: Counted,
): Promise<Mechanism | null> {
  const { containers, size } = trial.params
  const [path = ''] = pathsOf(trial.params)
  const provenance = await container.provenance(path)
  return mechanismOf({
    path,
    cowUnit: trial.evidence.cowUnit,
    change: 'none',
    size,
    files: 1,
    rewritten: 0,
    before: provenance,
    after: provenance,
    ...counted,
    imageBytes: containers * counted.imageBytes,
  })
}

function hashOf(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex')
}

function digestOf(digests: readonly string[]): string {
  return createHash('sha256').update(digests.join()).digest('hex')
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
