/** image: an image arrives, layer by layer, as an engine unpacks what it has pulled. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Container, Scenario, Trial } from '../../harness/contracts/scenario.ts'
import type { Witness } from '../../harness/contracts/witness.ts'
import { limiter } from '../../harness/linux/limiter.ts'
import { applyArchive } from '../common/archive/apply.ts'
import { seconds } from '../common/phases.ts'
import { requireTree } from '../common/require-tree.ts'
import { contradiction } from '../common/witness.ts'
import { type Blobs, blobsOf, decompress, decompressor, digestOf } from './blobs.ts'
import {
  arrivingImage,
  baseImage,
  footprint,
  label,
  params,
  profiles,
  subject,
  type ImageParams,
} from './params.ts'

const STEPS = ['read', 'decompress', 'setup', 'unpack', 'sync', 'commit'] as const

/** What arrived. */
interface Arrived {
  blobs: Blobs
  /** Name of the top layer. */
  top: string
  /** Bytes that the driver says its layers hold. */
  snapshotBytes: number
}

export const image: Scenario<ImageParams, Arrived> = {
  meta: {
    id: 'image',
    title: 'An image arrives',
    question:
      'What does it cost until an image that was pulled is there: read, decompressed, unpacked, synced, committed?',
    phases: [
      seconds('read', 'Read the blobs and check their digests'),
      seconds('decompress', 'Decompress'),
      seconds('setup', 'All layers: prepare and mount'),
      seconds('unpack', 'All layers: make their entries'),
      seconds('sync', 'All layers: syncfs'),
      seconds('commit', 'All layers: unmount and commit'),
      { ...seconds('arrive', 'The image is there'), headline: true, sum: [...STEPS] },
      seconds('remove-layers', 'Remove the layers'),
    ],
    phasesOf: ({ compression, durability }) =>
      [...STEPS, 'arrive', 'remove-layers'].filter(
        (id) => (id !== 'decompress' || compression !== 'none') && (id !== 'sync' || durability === 'syncfs'),
      ),
  },
  params,
  profiles,
  label,
  subject,
  image: baseImage,
  footprint,
  run,
  verify,
}

async function run(trial: Trial<ImageParams>): Promise<Arrived> {
  const { host, layers, params: given, directory } = trial
  const blobs = await blobsOf(
    host,
    arrivingImage(given, trial.seed, trial.own),
    given.compression,
    join(directory, 'made'),
  )
  const paths = blobs.layers.map(({ content }, index) => {
    const path = join(directory, `blob-${index}`)
    writeFileSync(path, content)
    return path
  })
  await trial.cache.set(layers.container(layers.image), null)
  const archives = await readBlobs(trial, blobs, paths)
  const names = await unpackLayers(trial, archives)
  let snapshotBytes = 0
  for (const name of names) snapshotBytes += (await layers.usage(name)).bytes
  return { blobs, top: names.at(-1) as string, snapshotBytes }
}

/** Returns the archives of the layers, in order. */
async function readBlobs(
  { clock, host, params: { compression, workers } }: Trial<ImageParams>,
  blobs: Blobs,
  paths: readonly string[],
): Promise<Buffer[]> {
  const read = clock.time('read', () =>
    paths.map((path, index) => {
      const content = readFileSync(path)
      if (digestOf(content) !== blobs.layers[index]?.digest) {
        throw contradiction('content', `the blob of layer ${index} is not what its digest says`)
      }
      return content
    }),
  )
  if (compression === 'none') return read
  const inTurn = limiter(Number(workers))
  return clock.timeAsync('decompress', () =>
    Promise.all(
      read.map((content, index) =>
        inTurn(() => decompress(host, paths[index] as string, content, compression)),
      ),
    ),
  )
}

/** Unpacks each archive on the layer of the one before. A control, which has no layers, takes all of them into one tree. */
async function unpackLayers(trial: Trial<ImageParams>, archives: readonly Buffer[]): Promise<string[]> {
  const { clock, host, layers, params: given } = trial
  const names: string[] = []
  let container: Container | null = null
  for (const [index, archive] of archives.entries()) {
    const one: Container = container ?? layers.container(names.at(-1) ?? null)
    if (container === null) {
      await clock.timeAsync('setup', async () => {
        await one.prepare()
        await one.mount()
      })
    }
    clock.time('unpack', () => {
      applyArchive(host.syscalls, archive, one.root, { syncsFiles: given.durability === 'per-file' })
    })
    if (given.durability === 'syncfs') clock.time('sync', () => one.sync())
    const isLast = index === archives.length - 1
    container = one
    if (!layers.stacks && !isLast) continue
    await clock.timeAsync('commit', async () => {
      await layers.unmount(one)
      names.push(await layers.commit(one))
    })
    container = null
  }
  return names
}

/** A container on the top layer shows what the layers add up to. */
async function verify(trial: Trial<ImageParams>, { blobs, top, snapshotBytes }: Arrived): Promise<Witness> {
  const decompressed = decompressor(trial.params.compression)
  const containerHash = await trial.layers.withView(top, (root) =>
    requireTree(trial, root, blobs.tree, 'the image that arrived'),
  )
  return {
    mechanism: null,
    before: null,
    after: null,
    containerHash,
    lowerHash: null,
    bytesChanged: blobs.archiveBytes,
    changed: { objects: blobs.entries, word: 'entry' },
    details: {
      blobBytes: blobs.layers.reduce((sum, { content }) => sum + content.length, 0),
      archiveBytes: blobs.archiveBytes,
      snapshotBytes,
      layers: blobs.layers.length,
      ...(decompressed === null ? {} : { decompressed }),
    },
  }
}
