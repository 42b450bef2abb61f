/** op=build: an image is built step by step, each step a layer, as an engine builds one from a Dockerfile. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Container, Trial } from '../../harness/contracts/scenario.ts'
import type { Witness } from '../../harness/contracts/witness.ts'
import { seconds, secondsByTool } from '../common/phases.ts'
import { contradiction, requireLower } from '../common/witness.ts'
import { firstDifference } from '../dataset/compare.ts'
import { openContent, type ContentKey } from '../dataset/content.ts'
import { ownContent } from '../dataset/image.ts'
import { DEFAULT_RATIO } from '../common/options.ts'
import { endsOf, requireMade, requireState, rewriteState, timeStep } from './chain.ts'
import type { OperationCode } from './operation.ts'
import type { LayerParams } from './params.ts'
import { LOWEST, MADE, nameOf } from './places.ts'

export const build: OperationCode<readonly string[]> = {
  phases: [
    seconds('setup', 'All steps: prepare and mount'),
    seconds('step-work', 'All steps: write their files'),
    seconds('commit', 'All steps: unmount and commit'),
    seconds('sync', 'Make all durable'),
    { ...seconds('build', 'Build, durable'), headline: true, sum: ['setup', 'step-work', 'commit', 'sync'] },
    secondsByTool('step', 'A step'),
    secondsByTool('step-first', 'A step of the first fifth'),
    secondsByTool('step-last', 'A step of the last fifth'),
    seconds('remove-layers', 'Remove the layers'),
  ],
  run,
  verify,
}

async function run(trial: Trial<LayerParams>): Promise<readonly string[]> {
  const { layers, params, record } = trial
  await trial.cache.set(layers.container(layers.image), null)
  const made: string[] = []
  const steps: number[] = []
  while (made.length < params.steps) {
    const container = layers.container(made.at(-1) ?? layers.image)
    const write = planStep(trial, container, made.length)
    const setUp = await timeStep(trial, 'setup', async () => {
      await container.prepare()
      await container.mount()
    })
    const wrote = await timeStep(trial, 'step-work', async () => write())
    const committed = await timeStep(trial, 'commit', async () => {
      await layers.unmount(container)
      made.push(await layers.commit(container))
    })
    steps.push(setUp + wrote + committed)
  }
  trial.clock.time('sync', () => layers.sync())
  record.series('step', steps)
  const { first, last } = endsOf(steps)
  record.value('step-first', first)
  record.value('step-last', last)
  return made
}

const fileOf = (step: number, index: number) => `${MADE}/${nameOf(step)}/f${String(index).padStart(6, '0')}`

function contentOf({ seed }: Pick<Trial, 'seed'>, path: string): ContentKey {
  return ownContent(seed, DEFAULT_RATIO, path)
}

/** Returns what a step does, with all bytes made beforehand: a directory with its files, and the rewritten file. */
function planStep(trial: Trial<LayerParams>, { root }: Container, step: number): () => void {
  const { files, size } = trial.params
  const content = Buffer.alloc(size)
  openContent(contentOf(trial, nameOf(step)))(content, 0)
  const paths = Array.from({ length: files }, (_, index) => join(root, fileOf(step, index)))
  return () => {
    mkdirSync(join(root, MADE, nameOf(step)))
    for (const path of paths) writeFileSync(path, content, { flag: 'wx' })
    rewriteState(trial, root, step)
  }
}

async function verify(trial: Trial<LayerParams>, made: readonly string[]): Promise<Witness> {
  const numbers = made.map((_, index) => index)
  for (const at of new Set([0, Math.floor(made.length / 2), made.length - 1])) {
    const where = `layer ${at}`
    await trial.layers.withView(made[at] ?? '', (root) => {
      requireMade(root, numbers.slice(0, at + 1), where)
      requireState(trial, root, at, where)
      for (const step of numbers.slice(0, at + 1)) requireFiles(trial, root, step, where)
    })
  }
  await trial.evidence.withImage((root) => {
    requireMade(root, [], 'the image')
    requireState(trial, root, null, 'the image')
  })
  const { files, size } = trial.params
  return {
    mechanism: null,
    before: null,
    after: null,
    containerHash: null,
    lowerHash: await requireLower(trial, LOWEST),
    bytesChanged: made.length * files * size,
    changed: { objects: made.length, word: 'step' },
    details: { layers: made.length },
  }
}

function requireFiles(trial: Trial<LayerParams>, root: string, step: number, where: string): void {
  const { files, size } = trial.params
  for (let index = 0; index < files; index += 1) {
    const path = fileOf(step, index)
    const at = firstDifference(join(root, path), { content: contentOf(trial, nameOf(step)), size })
    if (at !== null) throw contradiction('content', `${where} shows a wrong byte at ${at} of ${path}`)
  }
}
