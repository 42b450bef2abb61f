/** create-many: many new small files in a directory of the image, then all of it durable. */
import { createHash } from 'node:crypto'
import { closeSync, openSync, readFileSync, readdirSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Container, Trial } from '../../harness/contracts/scenario.ts'
import type { Mechanism } from '../../harness/contracts/witness.ts'
import { requireWritten } from '../common/counters.ts'
import { countedBy } from '../common/evidence.ts'
import { mechanismOf } from '../common/mechanism.ts'
import { seconds } from '../common/phases.ts'
import { mountVolume, requirePassedBy, type PassingBy } from '../common/volume.ts'
import { contradiction, requireContent, requireLower } from '../common/witness.ts'
import { BLOCK, openContent } from '../dataset/content.ts'
import { ownContent } from '../dataset/image.ts'
import type { OperationCode } from './operation.ts'
import { NEW_DIRECTORY, SMALL_FILE, smallPaths, type SmallwritesParams } from './params.ts'

interface Observed {
  container: Container
  /** Null where the directory lies in the image. */
  passing: PassingBy | null
}

/** The workload `create-many`. */
export const createMany: OperationCode<Observed> = {
  phases: [
    seconds('create', 'Create the files'),
    seconds('syncfs', 'Make it durable'),
    { ...seconds('create-durable', 'Create all, durable'), headline: true, sum: ['create', 'syncfs'] },
  ],

  async run(trial) {
    const { files, compressibility } = trial.params
    const container = trial.container()
    await container.prepare()
    await container.mount()
    const passing = await mountVolume(trial, container, smallPaths(1)[0] ?? '')
    await trial.cache.set(container, [])
    const directory = join(container.root, NEW_DIRECTORY)
    const paths = newNames(files).map((name) => join(directory, name))
    const bytes = newContent(trial.seed, compressibility, files)
    trial.clock.time('create', () => createAll(paths, bytes))
    const written = passing?.volume ?? container
    trial.clock.time('syncfs', () => written.sync())
    return { container, passing }
  },

  async verify(trial, { container, passing }) {
    const { files, compressibility } = trial.params
    await trial.cache.requireColdRead([])
    const directory = join(container.root, NEW_DIRECTORY)
    const names = newNames(files)
    const there = readdirSync(directory).length
    if (there !== files) {
      throw contradiction('content', `the container's directory has ${there} files, not ${files}`)
    }
    const hash = createHash('sha256')
    for (const name of names) hash.update(readFileSync(join(directory, name)))
    const containerHash = hash.digest('hex')
    const expected = createHash('sha256')
      .update(newContent(trial.seed, compressibility, files))
      .digest('hex')
    requireContent(`the ${files} new files`, containerHash, expected)

    const [neighbour = ''] = smallPaths(1)
    const lowerHash = await requireLower(trial, neighbour)
    const bytesChanged = files * SMALL_FILE
    const changed = { objects: files, word: 'file' }
    const hashes = { containerHash, lowerHash, bytesChanged, changed }
    requireWritten(bytesChanged, await countedBy(trial, compressibility))
    if (passing === null) {
      const mechanism = await mechanismBeside(trial, container, neighbour)
      return { mechanism, before: null, after: null, ...hashes }
    }
    const work = { size: SMALL_FILE, written: files * BLOCK, compressibility }
    const seen = await requirePassedBy(trial, container, passing, work)
    return { ...seen, ...hashes }
  },
}

/** New files copy nothing of the image: what the container has of a file beside them is what prepare made. */
async function mechanismBeside(
  trial: Trial<SmallwritesParams>,
  container: Container,
  path: string,
): Promise<Mechanism | null> {
  const counted = await countedBy(trial, trial.params.compressibility)
  const provenance = await container.provenance(path)
  return mechanismOf({
    path,
    cowUnit: trial.evidence.cowUnit,
    change: 'none',
    size: SMALL_FILE,
    files: 1,
    rewritten: 0,
    before: provenance,
    after: provenance,
    ...counted,
  })
}

function createAll(paths: readonly string[], bytes: Buffer): void {
  for (let index = 0; index < paths.length; index += 1) {
    const fd = openSync(paths[index] as string, 'wx')
    writeSync(fd, bytes, index * SMALL_FILE, SMALL_FILE)
    closeSync(fd)
  }
}

function newNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `n${String(index).padStart(6, '0')}`)
}

function newContent(seed: number, compressibility: number, count: number): Buffer {
  const bytes = Buffer.alloc(count * SMALL_FILE)
  openContent(ownContent(seed, compressibility, NEW_DIRECTORY))(bytes, 0)
  return bytes
}
