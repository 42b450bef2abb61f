import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createFakeHost } from '../../harness/testing/fake-host.ts'
import { BIG_FILE } from '../common/big-file-image.ts'
import { DEFAULT_RATIO } from '../common/options.ts'
import { ownContent } from '../dataset/image.ts'
import { append } from './append.ts'
import { createFakeTrial, SEED, type FakeTrialScript } from './fake-trial.ts'

type Params = ReturnType<typeof append.params.parse>

function trialOf(script: Partial<FakeTrialScript<Params>> = {}) {
  const params = append.params.parse({ size: '256K' })
  return createFakeTrial<Params>({
    params,
    image: (writer) =>
      writer.content(BIG_FILE, ownContent(SEED, DEFAULT_RATIO, BIG_FILE), params.size, 0o644),
    host: createFakeHost(),
    ...script,
  })
}

test('times what it says, and proves it', async () => {
  const trial = trialOf()
  const observed = await append.run(trial)
  expect(trial.log).toEqual([
    'time prepare',
    'time mount',
    `provenance ${BIG_FILE}`,
    `cache ${BIG_FILE}`,
    'time append',
    `provenance ${BIG_FILE}`,
  ])
  expect(await append.verify(trial, observed)).toMatchObject({ mechanism: 'copied-up', bytesChanged: 14 })
})

test('a container that sees other bytes fails the sample', async () => {
  const trial = trialOf()
  const observed = await append.run(trial)
  appendFileSync(join(trial.container().root, BIG_FILE), 'x')
  await expect(append.verify(trial, observed)).rejects.toMatchObject({ code: 'witness.content' })
})

test('an image that was written to fails the sample', async () => {
  const trial = trialOf()
  const observed = await append.run(trial)
  appendFileSync(join(trial.lower, BIG_FILE), 'x')
  await expect(append.verify(trial, observed)).rejects.toMatchObject({ code: 'witness.lower' })
})

test('a driver that copies nothing fails the sample', async () => {
  const trial = trialOf({ after: { layer: 'upper', sharedBytes: 0, exclusiveBytes: 4096 } })
  const observed = await append.run(trial)
  await expect(append.verify(trial, observed)).rejects.toMatchObject({ code: 'witness.mechanism' })
})
