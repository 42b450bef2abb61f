import {
  closeSync,
  ftruncateSync,
  openSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { describe, expect, it } from 'vitest'
import type { FioJob, FioResult } from '../../harness/contracts/scenario.ts'
import { createFakeHost } from '../../harness/testing/fake-host.ts'
import { bigfile } from '../bigfile/index.ts'
import { BIG_FILE } from '../common/big-file-image.ts'
import { ownContent } from '../dataset/image.ts'
import { createFakeTrial, SEED, type FakeTrialScript } from '../testing/fake-trial.ts'
import { smallwrites } from './index.ts'
import { NEW_DIRECTORY, operations, SMALL_FILE, smallPaths, type SmallwritesParams } from './params.ts'

const BLOCK = 4096

function trialOf(text: Record<string, string>, script: Partial<FakeTrialScript<SmallwritesParams>> = {}) {
  const params = smallwrites.params.parse({ size: '1M', writes: '40', files: '230', ...text })
  const content = (path: string) => ownContent(SEED, params.compressibility, path)
  return createFakeTrial<SmallwritesParams>({
    params,
    image: (writer) => {
      if (params.op === 'random-write') {
        writer.content(BIG_FILE, content(BIG_FILE), params.size, 0o644)
        return
      }
      for (const path of smallPaths(params.files)) writer.content(path, content(path), SMALL_FILE, 0o644)
      writer.directory(NEW_DIRECTORY)
    },
    host: createFakeHost(),
    ...script,
  })
}

type Fake = ReturnType<typeof trialOf>
const inContainer = (trial: Fake, path: string) => join(trial.container().root, path)
const code = (value: string) => expect.objectContaining({ code: value }) as Error
const reported = (trial: Fake) => smallwrites.meta.phasesOf?.(trial.params)

describe('parameters', () => {
  const encoded = (text: Record<string, string>) =>
    z.encode(smallwrites.params, smallwrites.params.parse(text))

  it('that an operation does not read make no other cell', () => {
    expect(encoded({ op: 'create-many', size: '1G', procs: '16', sync: 'buffered', writes: '7' })).toEqual(
      encoded({ op: 'create-many' }),
    )
    expect(encoded({ op: 'random-write', files: '7', procs: '4' })).toEqual(encoded({ op: 'random-write' }))
    expect(encoded({ procs: '4' })).not.toEqual(encoded({ procs: '1' }))
    expect(encoded({ op: 'random-write', sync: 'buffered' })).toMatchObject({ sync: 'buffered' })
    expect(encoded({ op: 'sustained-write', writes: '7', sync: 'buffered', procs: '4' })).toEqual(
      encoded({ op: 'sustained-write' }),
    )
    expect(encoded({ op: 'random-write', interval: '3' })).toEqual(encoded({ op: 'random-write' }))
  })

  it('that are read back from their text are the same', () => {
    for (const op of operations) {
      expect(encoded(encoded({ op }) as Record<string, string>)).toEqual(encoded({ op }))
    }
  })

  it.each([
    { op: 'append' },
    { procs: '2' },
    { op: 'random-write', size: '1M', writes: '257' },
    { sync: 'never' },
    { op: 'sustained-write', interval: '0' },
  ])('refuse %o', (given: Record<string, string>) => {
    expect(smallwrites.params.safeParse(given).success).toBe(false)
  })

  it('append-many and create-many share an image, random-write shares the one of bigfile', () => {
    const id = (text: Record<string, string>) => smallwrites.image(smallwrites.params.parse(text), SEED).id
    expect(id({ op: 'create-many' })).toBe(id({ op: 'append-many', procs: '16' }))
    expect(id({ op: 'random-write' })).toBe(bigfile.image(bigfile.params.parse({ size: '256M' }), SEED).id)
    expect(id({ op: 'sustained-write' })).toBe(id({ op: 'random-write' }))
    expect(id({ op: 'random-write' })).not.toBe(id({}))
  })
})

describe('append-many', () => {
  it('appends, then makes it durable', async () => {
    const trial = trialOf({})
    const observed = await smallwrites.run(trial)
    const timed = trial.log
      .filter((line) => /^(time|sync|cache)/.test(line))
      .map((line) => line.split(' ')[1] ?? line)
    expect(timed.slice(0, 2)).toEqual(['prepare', 'mount'])
    expect(timed.slice(3)).toEqual(['append', 'syncfs', 'sync'])
    expect(reported(trial)).toEqual([
      'prepare',
      'mount',
      'append',
      'syncfs',
      'append-durable',
      'umount',
      'remove',
    ])
    await expect(smallwrites.verify(trial, observed)).resolves.toMatchObject({
      mechanism: 'copied-up',
      bytesChanged: 230,
      changed: { objects: 230, word: 'file' },
    })
  })

  it('gives the same files from four processes', async () => {
    const trial = trialOf({ procs: '4' })
    const one = trialOf({ procs: '1' })
    const many = await smallwrites.verify(trial, await smallwrites.run(trial))
    const single = await smallwrites.verify(one, await smallwrites.run(one))
    expect(many.containerHash).toBe(single.containerHash)
  })

  it('fails when a process cannot append', async () => {
    const trial = trialOf({ procs: '4' })
    const prepared = trial.container()
    await prepared.prepare()
    rmSync(inContainer(trial, smallPaths(230)[100] ?? ''))
    await expect(smallwrites.run(trial)).rejects.toThrow(code('scenario.worker'))
  })

  it('looks at a few files only where the cache is to be cold', async () => {
    const trial = trialOf({}, { cache: 'cold' })
    await smallwrites.run(trial)
    expect(trial.log).toContain(`cache ${smallPaths(230)[0]} ${smallPaths(230).at(-1)}`)
  })

  it.each([
    ['a file that is too short', (path: string) => truncateSync(path, SMALL_FILE)],
    ['wrong bytes', (path: string) => writeFileSync(path, Buffer.alloc(SMALL_FILE + 1, 'x'))],
  ])('catches %s', async (_, spoil) => {
    const trial = trialOf({})
    const observed = await smallwrites.run(trial)
    spoil(inContainer(trial, smallPaths(230)[117] ?? ''))
    await expect(smallwrites.verify(trial, observed)).rejects.toThrow(code('witness.content'))
  })

  it('catches a changed lower file and a planted one', async () => {
    const changed = trialOf({})
    const observed = await smallwrites.run(changed)
    writeFileSync(join(changed.lower, smallPaths(230)[0] ?? ''), 'x')
    await expect(smallwrites.verify(changed, observed)).rejects.toThrow(code('witness.lower'))

    const planted = trialOf({}, { before: { layer: 'upper', sharedBytes: 0, exclusiveBytes: 4096 } })
    await expect(smallwrites.verify(planted, await smallwrites.run(planted))).rejects.toThrow(
      code('witness.mechanism'),
    )
  })
})

describe('create-many', () => {
  // The file beside the new ones stays where it was.
  const after = { layer: 'lower', sharedBytes: null, exclusiveBytes: 0 } as const

  it('creates, then makes it durable', async () => {
    const trial = trialOf({ op: 'create-many' }, { after })
    const observed = await smallwrites.run(trial)
    expect(trial.log).toEqual(['time prepare', 'time mount', 'cache ', 'time create', 'time syncfs', 'sync'])
    expect(readdirSync(inContainer(trial, NEW_DIRECTORY))).toHaveLength(230)
    await expect(smallwrites.verify(trial, observed)).resolves.toMatchObject({
      mechanism: 'none',
      bytesChanged: 230 * SMALL_FILE,
      changed: { objects: 230, word: 'file' },
    })
  })

  it('catches new files that the device did not see, and a full copy that was not made', async () => {
    const unseen = trialOf({ op: 'create-many' }, { after, bytesWritten: 4096 })
    await expect(smallwrites.verify(unseen, await smallwrites.run(unseen))).rejects.toThrow(
      code('witness.mechanism'),
    )

    const own = { layer: 'own', sharedBytes: 0, exclusiveBytes: 4096 } as const
    const notCopied = { cowUnit: 'none', before: own, after: own, allocated: () => 4096 } as const
    const linked = trialOf({ op: 'create-many' }, notCopied)
    await expect(smallwrites.verify(linked, await smallwrites.run(linked))).rejects.toThrow(
      code('witness.mechanism'),
    )
  })

  it('catches a missing and a wrong file', async () => {
    const trial = trialOf({ op: 'create-many' })
    const observed = await smallwrites.run(trial)
    const path = inContainer(trial, `${NEW_DIRECTORY}/n000007`)
    writeFileSync(path, 'x')
    await expect(smallwrites.verify(trial, observed)).rejects.toThrow(code('witness.content'))
    rmSync(path)
    await expect(smallwrites.verify(trial, observed)).rejects.toThrow('229 files')
  })
})

/** Writes the first blocks of the file, as many as fio was told to, and tells fio's figures. */
function fakeFio(jobs: readonly FioJob[], directory: string): FioResult[] {
  return jobs.map(({ options }) => {
    const bytes = Number(options['io_size'])
    const fd = openSync(join(directory, options['filename'] ?? ''), 'r+')
    writeSync(fd, Buffer.alloc(bytes, 'fio'), 0, bytes, 8 * BLOCK)
    closeSync(fd)
    const percentiles = { '50': 1, '95': 2, '99': 3, '99.9': 4 }
    return {
      iops: 1000,
      bytes,
      runtime: 1,
      clat: percentiles,
      ...(options['fsync'] ? { sync: percentiles } : {}),
    }
  })
}

describe('random-write', () => {
  it.each(['fsync', 'buffered'])('sync=%s runs two passes and records what it reports', async (sync) => {
    const trial = trialOf({ op: 'random-write', sync }, { fio: fakeFio })
    const observed = await smallwrites.run(trial)
    expect(trial.log.filter((line) => line.startsWith('fio'))).toEqual(['fio first-touch', 'fio steady'])
    // With so few writes the 99.9th percentile is the slowest one, and is not reported.
    const recorded = ['prepare', 'mount', ...Object.keys(trial.values).slice(2), 'umount', 'remove']
    const reportable = recorded.filter((phase) => !phase.endsWith('-p99.9'))
    expect(reported(trial)?.toSorted()).toEqual(reportable.toSorted())
    await expect(smallwrites.verify(trial, observed)).resolves.toMatchObject({ bytesChanged: 40 * BLOCK })
  })

  it('catches blocks that fio should have changed, and others that it should not', async () => {
    const trial = trialOf({ op: 'random-write' }, { fio: fakeFio })
    const observed = await smallwrites.run(trial)
    const fd = openSync(inContainer(trial, BIG_FILE), 'r+')
    writeSync(fd, 'x', 200 * BLOCK)
    closeSync(fd)
    await expect(smallwrites.verify(trial, observed)).rejects.toThrow(
      '41 blocks of var/lib/bench/bigfile were changed, not 40',
    )
  })

  it('catches a write that leaks into the image, in any round', async () => {
    for (const round of [0, 1]) {
      const trial = trialOf({ op: 'random-write' }, { fio: fakeFio, round })
      const observed = await smallwrites.run(trial)
      const { containerHash, details } = await smallwrites.verify(trial, observed)
      expect(containerHash === null).toBe(round > 0)
      expect(details).toMatchObject({ compared: round > 0 ? 'whole' : 'hash' })
      const fd = openSync(join(trial.lower, BIG_FILE), 'r+')
      writeSync(fd, 'fio', 8 * BLOCK)
      closeSync(fd)
      await expect(smallwrites.verify(trial, observed)).rejects.toThrow(code('witness.lower'))
    }
  })

  it('compares what is not shared with the image, and a tenth of what is, in later rounds', async () => {
    const shared = [{ offset: 64 * BLOCK, length: 192 * BLOCK }]
    const trial = trialOf({ op: 'random-write' }, { fio: fakeFio, round: 1, shared })
    const observed = await smallwrites.run(trial)
    const { details } = await smallwrites.verify(trial, observed)
    expect(details).toMatchObject({ compared: 'own-ranges', containerBytesCompared: 64 * BLOCK })
    const fd = openSync(inContainer(trial, BIG_FILE), 'r+')
    writeSync(fd, 'x', 60 * BLOCK)
    await expect(smallwrites.verify(trial, observed)).rejects.toThrow('41 blocks')
    ftruncateSync(fd, 255 * BLOCK)
    await expect(smallwrites.verify(trial, observed)).rejects.toThrow(code('witness.content'))
    closeSync(fd)
  })

  it('catches blocks that lie where the image lies, and so were not changed', async () => {
    const shared = [{ offset: 0, length: 16 * BLOCK }]
    const trial = trialOf({ op: 'random-write' }, { fio: fakeFio, round: 9, shared })
    const observed = await smallwrites.run(trial)
    await expect(smallwrites.verify(trial, observed)).rejects.toThrow('32 blocks')
  })

  it('catches a fio that wrote less', async () => {
    const fio = () => [{ iops: 1, bytes: BLOCK, runtime: 1, clat: {} }]
    await expect(smallwrites.run(trialOf({ op: 'random-write' }, { fio }))).rejects.toThrow(
      code('witness.content'),
    )
  })
})

describe('phases', () => {
  it('have one headline an operation', () => {
    const headlines = smallwrites.meta.phases.filter((phase) => phase.headline).map((phase) => phase.id)
    for (const op of operations) {
      const own = reported(trialOf({ op })) ?? []
      expect(
        own.filter((id) => headlines.includes(id)),
        op,
      ).toHaveLength(1)
    }
  })

  it('are listed once', () => {
    const ids = smallwrites.meta.phases.map((phase) => phase.id)
    expect(new Set(ids).size).toBe(ids.length)
  })
})
