import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { FioJob, FioResult } from '../../harness/contracts/scenario.ts'
import type { Provenance } from '../../harness/contracts/witness.ts'
import { createFakeHost } from '../../harness/testing/fake-host.ts'
import { BIG_FILE } from '../common/big-file-image.ts'
import { ownContent } from '../dataset/image.ts'
import { createFakeTrial, SEED, type FakeTrialScript } from '../testing/fake-trial.ts'
import { smallwrites } from './index.ts'
import type { SmallwritesParams } from './params.ts'

const BLOCK = 4096
const code = (value: string) => expect.objectContaining({ code: value }) as Error

/** fio's figures of a job that wrote at these rates, second by second. */
function fakeRates(perSecond: readonly number[]) {
  const percentiles = { '50': 1, '95': 2, '99': 3, '99.9': 4 }
  const bytes = (perSecond.reduce((total, rate) => total + rate, 0) + 100) * BLOCK
  return (): FioResult[] => [{ iops: 50, bytes, runtime: 7, clat: percentiles, sync: percentiles, perSecond }]
}

describe('sustained-write', () => {
  const sustained = (script: Partial<FakeTrialScript<SmallwritesParams>> = {}, interval = '1') => {
    const params = smallwrites.params.parse({ op: 'sustained-write', size: '1M', interval })
    return createFakeTrial<SmallwritesParams>({
      params,
      image: (writer) =>
        writer.content(BIG_FILE, ownContent(SEED, params.compressibility, BIG_FILE), params.size, 0o644),
      host: createFakeHost(),
      fio: fakeRates([900, 900, 900, 900, 900]),
      ...script,
    })
  }

  it('makes the file the container’s own, then writes for a time in one fio', async () => {
    let jobs: readonly FioJob[] = []
    const trial = sustained(
      {
        fio(given) {
          jobs = given
          return fakeRates(Array.from({ length: 15 }, () => 900))()
        },
      },
      '3',
    )
    const observed = await smallwrites.run(trial)
    expect(trial.log.filter((line) => /^(time|fio|series)/.test(line))).toEqual([
      'time prepare',
      'time mount',
      'time first-write',
      'time rewrite',
      'fio sustained',
      'series sustained-iops 5',
    ])
    expect(jobs[0]?.options).toMatchObject({
      fsync: '1',
      ramp_time: '15s',
      runtime: '17s',
      steadystate_duration: '15s',
    })
    expect(smallwrites.meta.phasesOf?.(trial.params).toSorted()).toEqual(
      [...Object.keys(trial.values), 'umount', 'remove'].toSorted(),
    )
    expect(trial.log).not.toContain('warn steady-state.not-attained')
    await expect(smallwrites.verify(trial, observed)).resolves.toMatchObject({
      mechanism: 'copied-up',
      bytesChanged: null,
      details: { steadyState: true, steadyStateExcursion: 0, steadyStateSlope: 0 },
    })
  })

  it('reports the mean rate of each interval, and warns when they are not steady', async () => {
    const falling = [1600, 1400, 1400, 1200, 1200, 1000, 1000, 800, 800, 600]
    const trial = sustained({ fio: fakeRates(falling) }, '2')
    const observed = await smallwrites.run(trial)
    expect(trial.values['sustained-iops']).toBe(1500)
    expect(trial.log).toContain('warn steady-state.not-attained')
    const { details } = await smallwrites.verify(trial, observed)
    expect(details).toMatchObject({ steadyState: false })
    expect(details?.['steadyStateSlope']).toBeCloseTo(-800 / 1100)
    expect(details?.['steadyStateExcursion']).toBeCloseTo(800 / 1100)
  })

  it.each([
    ['no rates', [], 'fio reported 0 rates'],
    ['a window without a write', [0, 0, 0, 0, 0], 'add up to 0 bytes'],
  ])('catches %s', async (_, rates, message) => {
    await expect(smallwrites.run(sustained({ fio: fakeRates(rates) }))).rejects.toThrow(message)
  })

  it('catches rates that are more than what was written', async () => {
    const fio = () =>
      fakeRates([900, 900, 900, 900, 900])().map((result) => ({ ...result, bytes: 4000 * BLOCK }))
    await expect(smallwrites.run(sustained({ fio }))).rejects.toThrow(code('witness.content'))
  })

  it('catches a file that still shares blocks with the image, and one that was not rewritten', async () => {
    const shared: Provenance = { layer: 'shared', sharedBytes: BLOCK, exclusiveBytes: 0 }
    await expect(smallwrites.run(sustained({ cowUnit: 'extent', after: shared }))).rejects.toThrow(
      code('witness.mechanism'),
    )
    const trial = sustained()
    const observed = await smallwrites.run(trial)
    copyFileSync(join(trial.lower, BIG_FILE), join(trial.container().root, BIG_FILE))
    await expect(smallwrites.verify(trial, observed)).rejects.toThrow(
      '0 blocks of var/lib/bench/bigfile were changed',
    )
  })
})
