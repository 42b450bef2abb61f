/** append-many: one byte to each of many small files of the image, then all of it durable. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Container, Trial } from '../../harness/contracts/scenario.ts'
import type { Mechanism, Witness } from '../../harness/contracts/witness.ts'
import type { Provenance } from '../../harness/contracts/witness.ts'
import { countedBy, type Counted } from '../common/evidence.ts'
import { mechanismOf } from '../common/mechanism.ts'
import { seconds } from '../common/phases.ts'
import { contradiction, lowerDigest, requireContent } from '../common/witness.ts'
import { mountVolume, requirePassedBy, type PassingBy } from '../common/volume.ts'
import { BLOCK, openContent } from '../dataset/content.ts'
import { ownContent } from '../dataset/image.ts'
import { appendToAll } from './append-files.ts'
import { startWorkers } from './append-workers.ts'
import type { OperationCode } from './operation.ts'
import { SMALL_FILE, smallPaths, type SmallwritesParams } from './params.ts'

interface Observed {
  container: Container
  before: readonly Provenance[]
  after: readonly Provenance[]
  /** Null where the files lie in the image. */
  passing: PassingBy | null
}

export const appendMany: OperationCode<Observed> = {
  phases: [
    seconds('append', 'Append 1 byte to each file'),
    seconds('syncfs', 'Make it durable'),
    { ...seconds('append-durable', 'Append to all, durable'), headline: true, sum: ['append', 'syncfs'] },
  ],

  async run(trial) {
    const { files, procs } = trial.params
    const container = trial.container()
    await container.prepare()
    await container.mount()
    const inside = smallPaths(files)
    const before = await provenanceOf(container, firstAndLast(inside))
    const passing = await mountVolume(trial, container, inside[0] ?? '')
    await trial.cache.set(container, cachePaths(trial, inside))
    const paths = inside.map((path) => join(container.root, path))
    await append(trial, Number(procs), paths, appendedBytes(trial, inside))
    const written = passing?.volume ?? container
    trial.clock.time('syncfs', () => written.sync())
    // Beneath a volume nothing can be looked at.
    const after = passing === null ? await provenanceOf(container, firstAndLast(inside)) : before
    return { container, before, after, passing }
  },

  async verify(trial, { container, before, after, passing }) {
    const paths = smallPaths(trial.params.files)
    const containerHash = digestOfAll(container.root, paths)
    requireContent(`the ${paths.length} files`, containerHash, expectedDigest(trial, paths))
    if (passing !== null) return passedBy(trial, container, passing, containerHash)
    const counted = await countedBy(trial, trial.params.compressibility)
    const mechanisms = firstAndLast(paths).map((path, index) =>
      mechanismOfOne(trial, path, before[index] as Provenance, after[index] as Provenance, counted),
    )
    const lowerHash = await lowerDigest(trial, firstAndLast(paths))
    return witness(mechanisms, before, after, containerHash, lowerHash, paths.length)
  },
}

async function append(
  trial: Trial<SmallwritesParams>,
  procs: number,
  paths: readonly string[],
  bytes: Uint8Array,
): Promise<void> {
  if (procs === 1) {
    trial.clock.time('append', () => appendToAll(paths, bytes))
    return
  }
  const workers = await startWorkers(procs, paths, bytes, trial.directory)
  try {
    await trial.clock.timeAsync('append', () => workers.release())
  } finally {
    await workers.close()
  }
}

/** Cold is verified on a few only: to look at all of them takes as long as to change them. */
function cachePaths(trial: Trial, paths: readonly string[]): readonly string[] {
  return trial.cache.state === 'cold' ? firstAndLast(paths) : paths
}

function firstAndLast(paths: readonly string[]): string[] {
  return [...new Set([paths[0] ?? '', paths.at(-1) ?? ''])]
}

async function provenanceOf(container: Container, paths: readonly string[]): Promise<Provenance[]> {
  const found: Provenance[] = []
  for (const path of paths) found.push(await container.provenance(path))
  return found
}

/** Each file's content goes on by one byte of its stream. */
function appendedBytes(trial: Trial<SmallwritesParams>, paths: readonly string[]): Uint8Array {
  const bytes = Buffer.alloc(paths.length)
  paths.forEach((path, index) => {
    const { seed, params } = trial
    openContent(ownContent(seed, params.compressibility, path))(bytes.subarray(index, index + 1), SMALL_FILE)
  })
  return bytes
}

function digestOfAll(root: string, paths: readonly string[]): string {
  const hash = createHash('sha256')
  for (const path of paths) {
    const bytes = readFileSync(join(root, path))
    if (bytes.length !== SMALL_FILE + 1) {
      throw contradiction(
        'content',
        `${path} is ${bytes.length} bytes long in the container, not ${SMALL_FILE + 1}`,
      )
    }
    hash.update(bytes)
  }
  return hash.digest('hex')
}

const digests = new Map<string, string>()

/** The same for every sample of a cell, so it is computed once in a process. */
function expectedDigest(trial: Trial<SmallwritesParams>, paths: readonly string[]): string {
  const { seed, params } = trial
  const key = JSON.stringify([seed, params.compressibility, paths.length])
  const known = digests.get(key)
  if (known !== undefined) return known
  const hash = createHash('sha256')
  const bytes = Buffer.alloc(SMALL_FILE + 1)
  for (const path of paths) {
    openContent(ownContent(seed, params.compressibility, path))(bytes, 0)
    hash.update(bytes)
  }
  const digest = hash.digest('hex')
  digests.set(key, digest)
  return digest
}

async function passedBy(
  trial: Trial<SmallwritesParams>,
  container: Container,
  passing: PassingBy,
  containerHash: string,
): Promise<Witness> {
  const { files, compressibility } = trial.params
  const work = { size: SMALL_FILE, written: files * BLOCK, compressibility }
  const seen = await requirePassedBy(trial, container, passing, work)
  const lowerHash = await lowerDigest(trial, firstAndLast(smallPaths(files)))
  const changed = { objects: files, word: 'file' }
  return { ...seen, containerHash, lowerHash, bytesChanged: files, changed }
}

function mechanismOfOne(
  trial: Trial<SmallwritesParams>,
  path: string,
  before: Provenance,
  after: Provenance,
  counted: Counted,
): Mechanism | null {
  return mechanismOf({
    path,
    cowUnit: trial.evidence.cowUnit,
    change: 'data',
    size: SMALL_FILE + 1,
    files: trial.params.files,
    rewritten: 0,
    before,
    after,
    ...counted,
  })
}

function witness(
  mechanisms: readonly (Mechanism | null)[],
  before: readonly Provenance[],
  after: readonly Provenance[],
  containerHash: string,
  lowerHash: string,
  files: number,
): Witness {
  const [mechanism = null] = mechanisms
  if (mechanisms.some((other) => other !== mechanism)) {
    throw contradiction('mechanism', `the first and the last file differ: ${mechanisms.join(', ')}`)
  }
  return {
    mechanism,
    before: before[0] ?? null,
    after: after[0] ?? null,
    containerHash,
    lowerHash,
    // One byte each.
    bytesChanged: files,
    changed: { objects: files, word: 'file' },
  }
}
