import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { FioJob, FioResult } from '../../harness/contracts/scenario.ts'
import type { Provenance } from '../../harness/contracts/witness.ts'
import { createFakeHost } from '../../harness/testing/fake-host.ts'
import { BIG_FILE } from '../common/big-file-image.ts'
import { ownContent } from '../dataset/image.ts'
import { createFakeTrial, SEED, type FakeTrialScript } from '../testing/fake-trial.ts'
import { smallwrites } from './index.ts'
import { NEW_DIRECTORY, SMALL_FILE, smallPaths, type SmallwritesParams } from './params.ts'

const BLOCK = 4096
const WRITES = 4
const BENEATH: Provenance = { layer: 'lower', sharedBytes: null, exclusiveBytes: 0 }

/** fio that writes the first blocks of the file, the same ones each time. */
function writeBlocks(jobs: readonly FioJob[], directory: string): FioResult[] {
  const fd = openSync(join(directory, 'bigfile'), 'r+')
  for (let block = 0; block < WRITES; block += 1)
    writeSync(fd, Buffer.alloc(BLOCK, 1), 0, BLOCK, block * BLOCK)
  closeSync(fd)
  return jobs.map(() => ({ iops: 1, bytes: WRITES * BLOCK, runtime: 1, clat: {} }))
}

function trialOf(op: string, script: Partial<FakeTrialScript<SmallwritesParams>> = {}) {
  const given = { op, volume: 'on', size: '1M', writes: String(WRITES), files: '20' }
  const params = smallwrites.params.parse(given)
  const content = (path: string) => ownContent(SEED, params.compressibility, path)
  return createFakeTrial<SmallwritesParams>({
    params,
    image: (writer) => {
      for (const path of smallPaths(20)) writer.content(path, content(path), SMALL_FILE, 0o644)
      writer.content(BIG_FILE, content(BIG_FILE), 1024 ** 2, 0o644)
      writer.directory(NEW_DIRECTORY)
    },
    host: createFakeHost(),
    fio: writeBlocks,
    after: BENEATH,
    ...script,
  })
}

const code = (value: string) => expect.objectContaining({ code: value }) as Error

describe.each(['append-many', 'create-many', 'random-write'])('%s on a volume', (op) => {
  it('changes the volume and nothing beneath it', async () => {
    const trial = trialOf(op)
    const observed = await smallwrites.run(trial)
    await expect(smallwrites.verify(trial, observed)).resolves.toMatchObject({
      mechanism: 'none',
      details: { volume: 'ext4 7:0' },
    })
    expect(trial.log).toContain('unmount volume')
    const [path = ''] = op === 'random-write' ? [BIG_FILE] : smallPaths(1)
    const lower = readFileSync(join(trial.lower, path))
    expect(readFileSync(join(trial.container().root, path)).equals(lower)).toBe(true)
  })

  it('makes the volume durable, not the container', async () => {
    const trial = trialOf(op)
    await smallwrites.run(trial)
    expect(trial.log.filter((line) => line.startsWith('sync'))).toEqual(
      op === 'random-write' ? [] : ['sync volume'],
    )
  })

  it.each([
    ['that was not mounted', { volumeOn: null }, 'witness.volume'],
    ['above a file that was copied up', { after: { ...BENEATH, layer: 'upper' } }, 'witness.mechanism'],
  ] as const)('%s is refused', async (_, script, reason) => {
    const trial = trialOf(op, script)
    const observed = await smallwrites.run(trial)
    await expect(smallwrites.verify(trial, observed)).rejects.toThrow(code(reason))
  })
})

it('a sustained load has no volume: it writes a file that is the container’s own already', () => {
  expect(trialOf('sustained-write').params.volume).toBe('off')
})

it('a subject says where the files are', () => {
  const subjectOf = (op: string) => smallwrites.subject(trialOf(op).params)
  expect(subjectOf('append-many')).toBe('Appending one byte to each of 20 files on a volume')
  expect(subjectOf('random-write')).toBe(
    'Opening a 1 MiB file on a volume and the first 4 random 4 KiB writes to it, each with fsync',
  )
})
