/** op=branch: the state of a container is forked again and again, then several times at once, then taken back. */
import { closeSync, openSync, readFileSync, readSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf } from '../../harness/contracts/error.ts'
import type { Container, Trial } from '../../harness/contracts/scenario.ts'
import { errnoOf } from '../../harness/contracts/syscalls.ts'
import type { Witness } from '../../harness/contracts/witness.ts'
import { beginning, ending, seconds, secondsByTool } from '../common/phases.ts'
import { contradiction, requireLower } from '../common/witness.ts'
import { endsOf, replaceMark, requireMark, rewriteState, timeStep } from './chain.ts'
import type { OperationCode } from './operation.ts'
import type { LayerParams } from './params.ts'
import { LOWEST } from './places.ts'

/** What no shorter stack would change: the store or the machine is at its end, not the driver. */
const NO_LIMIT = ['ENOSPC', 'EDQUOT', 'EIO', 'EROFS', 'ENOMEM']
/** Bytes read of the lowest file. */
const READ = 4096

interface Observed {
  /** Layers that a container stood on, the oldest first. */
  layers: readonly string[]
  siblings: readonly Container[]
  /** The container after the roll-back, and the number of the layer that it stands on. */
  back: Container
  backOn: number
  /** Why there were no more forks; null: there were as many as asked for. */
  limit: string | null
}

export const branch: OperationCode<Observed> = {
  phases: [
    ...beginning,
    { ...secondsByTool('fork', 'Fork'), headline: true },
    secondsByTool('fork-first', 'Fork, the first fifth'),
    secondsByTool('fork-last', 'Fork, the deepest fifth'),
    { id: 'depth', title: 'Forks on top of each other', unit: 'count', better: 'higher', byTool: true },
    seconds('freeze', 'All forks: unmount and commit'),
    seconds('resume', 'All forks: prepare and mount'),
    seconds('look', 'Read a file of the image through all layers'),
    secondsByTool('sibling', 'One more container on the deepest layer'),
    seconds('siblings', 'All containers on the deepest layer'),
    seconds('rollback', 'Go back to the middle layer'),
    seconds('sync', 'Make all durable'),
    ...ending,
    seconds('remove-layers', 'Remove the layers'),
  ],
  run,
  verify,
}

async function run(trial: Trial<LayerParams>): Promise<Observed> {
  const { clock, record, layers } = trial
  const first = trial.container()
  await first.prepare()
  await first.mount()
  await trial.cache.set(first, [LOWEST])
  const chain = await forkAgainAndAgain(trial, first)
  const { first: begin, last } = endsOf(chain.forks)
  record.series('fork', chain.forks)
  record.value('fork-first', begin)
  if (chain.limit === null) record.value('fork-last', last)
  else
    record.warning(
      'layer.depth',
      `went ${chain.layers.length} layers deep, not ${trial.params.depth}: ${chain.limit}`,
    )
  record.value('depth', chain.layers.length)
  clock.time('look', () => readLowest(chain.deepest.root))
  const siblings = await forkSiblings(trial, chain.layers.at(-1) ?? layers.image)
  const backOn = Math.floor((chain.layers.length - 1) / 2)
  const back = await rollBack(trial, chain.deepest, chain.layers[backOn] ?? layers.image)
  clock.time('sync', () => layers.sync())
  return { layers: chain.layers, siblings, back, backOn, limit: chain.limit }
}

interface Chain extends Pick<Observed, 'layers' | 'limit'> {
  /** The running container on the last layer. */
  deepest: Container
  /** Seconds of each. */
  forks: number[]
}

/** Forks as deep as asked for, or as the driver goes; throws where it cannot be forked even once. */
async function forkAgainAndAgain(trial: Trial<LayerParams>, first: Container): Promise<Chain> {
  const made: string[] = []
  const forks: number[] = []
  let deepest = first
  while (made.length < trial.params.depth) {
    changeFiles(trial, deepest, made.length)
    const forked = await fork(trial, deepest)
    if ('limit' in forked) {
      const last = made.at(-1)
      if (last === undefined) throw forked.error
      return { layers: made, forks, limit: forked.limit, deepest: await standOn(trial, last) }
    }
    made.push(forked.layer)
    forks.push(forked.seconds)
    deepest = forked.container
  }
  return { layers: made, forks, deepest, limit: null }
}

/** Rewrites a file of the image, makes one and deletes the one of the layer before: three kinds of change a layer. Untimed. */
function changeFiles(trial: Trial<LayerParams>, { root }: Container, layer: number): void {
  rewriteState(trial, root, layer)
  replaceMark(root, layer)
}

type Forked = { layer: string; container: Container; seconds: number } | { limit: string; error: unknown }

/** Stops a container, makes a layer of its state, and goes on in a container on that layer. */
async function fork(trial: Trial<LayerParams>, from: Container): Promise<Forked> {
  const { layers } = trial
  let layer: string | null = null
  let next: Container | null = null
  let prepared = false
  try {
    const freeze = await timeStep(trial, 'freeze', async () => {
      await layers.unmount(from)
      layer = await layers.commit(from)
    })
    const container = layers.container(layer ?? '')
    next = container
    const resume = await timeStep(trial, 'resume', async () => {
      await container.prepare()
      prepared = true
      await container.mount()
    })
    return { layer: layer ?? '', container, seconds: freeze + resume }
  } catch (error) {
    if (NO_LIMIT.includes(errnoOf(error) ?? '')) throw error
    if (next !== null && prepared) await layers.remove(next)
    if (layer === null) await layers.remove(from)
    else await layers.removeLayer(layer)
    return { limit: messageOf(error), error }
  }
}

/** Goes on where the last fork that worked stood. Untimed. */
async function standOn({ layers }: Trial<LayerParams>, layer: string): Promise<Container> {
  const container = layers.container(layer)
  await container.prepare()
  await container.mount()
  return container
}

function readLowest(root: string): void {
  const fd = openSync(join(root, LOWEST), 'r')
  readSync(fd, Buffer.allocUnsafe(READ), 0, READ, 0)
  closeSync(fd)
}

async function forkSiblings(trial: Trial<LayerParams>, layer: string): Promise<Container[]> {
  const siblings = Array.from({ length: trial.params.siblings }, () => trial.layers.container(layer))
  const values: number[] = []
  for (const [index, sibling] of siblings.entries()) {
    values.push(
      await timeStep(trial, 'siblings', async () => {
        await sibling.prepare()
        await sibling.mount()
      }),
    )
    writeFileSync(join(sibling.root, OWN), ownText(index), { flag: 'wx' })
  }
  trial.record.series('sibling', values)
  return siblings
}

/** A file that each sibling makes for itself. */
const OWN = 'var/lib/bench/layer/own'
const ownText = (index: number) => `of sibling ${index}\n`

/** Gives up a container and all that it stands on but this layer. */
async function rollBack(trial: Trial<LayerParams>, from: Container, layer: string): Promise<Container> {
  const { layers } = trial
  const back = layers.container(layer)
  await timeStep(trial, 'rollback', async () => {
    await layers.unmount(from)
    await layers.remove(from)
    await back.prepare()
    await back.mount()
  })
  return back
}

async function verify(trial: Trial<LayerParams>, observed: Observed): Promise<Witness> {
  const { layers, siblings, back, backOn, limit } = observed
  const deepest = layers.length - 1
  for (const [index, sibling] of siblings.entries()) {
    const where = `container ${index} on layer ${deepest}`
    requireMark(trial, sibling.root, deepest, where)
    const own = readFileSync(join(sibling.root, OWN), 'utf8')
    if (own !== ownText(index))
      throw contradiction('content', `${where} shows what another has written: ${own}`)
  }
  requireMark(trial, back.root, backOn, `the container that went back to layer ${backOn}`)
  for (const at of new Set([0, backOn, deepest])) {
    await trial.layers.withView(layers[at] ?? '', (root) => requireMark(trial, root, at, `layer ${at}`))
  }
  await trial.evidence.withImage((root) => requireMark(trial, root, null, 'the image'))
  const lowerHash = await requireLower(trial, LOWEST)
  return {
    mechanism: null,
    before: null,
    after: null,
    containerHash: null,
    lowerHash,
    bytesChanged: null,
    changed: { objects: layers.length + siblings.length, word: 'fork' },
    details: { depth: layers.length, siblings: siblings.length, ...(limit === null ? {} : { limit }) },
  }
}
