import { rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { createFakeHost } from '../../harness/testing/fake-host.ts'
import { createFakeTrial, SEED, type FakeTrialScript } from '../testing/fake-trial.ts'
import { blobsOf, decompress, decompressor, digestOf, linkTree, type Blobs } from './blobs.ts'
import { image } from './index.ts'
import { arrivingImage, type ImageParams } from './params.ts'

const code = (value: string) => expect.objectContaining({ code: value }) as Error

function trialOf(text: Record<string, string> = {}, script: Partial<FakeTrialScript<ImageParams>> = {}) {
  const host = createFakeHost({ programs: [] })
  const none = { llistxattr: () => [], lgetxattr: () => null, lsetxattr: () => undefined }
  return createFakeTrial<ImageParams>({
    params: image.params.parse({ layers: '3', ...text }),
    image: (writer) => writer.bytes('base', 'base', 0o644),
    host: { ...host, syscalls: { ...host.syscalls, ...none } },
    ...script,
    layers: { prepare: withTimes, ...script.layers },
  })
}

/** A driver's container shows the times of its layer. */
function withTimes(from: string, to: string): void {
  rmdirSync(to)
  linkTree(from, to)
}

async function sample(text: Record<string, string> = {}, script: Partial<FakeTrialScript<ImageParams>> = {}) {
  const trial = trialOf(text, script)
  const witness = await image.verify(trial, await image.run(trial))
  return { trial, witness }
}

const times = (log: readonly string[]) =>
  log.filter((line) => line.startsWith('time ')).map((line) => line.slice('time '.length))

describe('an image that arrives', () => {
  it('is read and decompressed once, and stands layer on layer', async () => {
    const { trial, witness } = await sample()
    const layer = ['setup', 'unpack', 'commit']
    expect(times(trial.log)).toEqual(['read', 'decompress', ...layer, ...layer, ...layer])
    expect(trial.log.filter((line) => line.startsWith('prepare on-'))).toEqual([
      expect.stringMatching(/ on null$/) as string,
      expect.stringMatching(/ on layer-0$/) as string,
      expect.stringMatching(/ on layer-1$/) as string,
    ])
    const { blobBytes = 0, archiveBytes = 0 } = witness.details as Record<string, number>
    expect(archiveBytes / blobBytes).toBeGreaterThan(1.5)
    expect(witness.bytesChanged).toBe(archiveBytes)
    // 80 files, the directories that they lie in, and links of the base system.
    expect(witness.changed?.objects).toBeGreaterThan(80)
  })

  it('is synced a layer at a time where that is asked for, and is not decompressed where it is not compressed', async () => {
    const { trial } = await sample({ compression: 'none', durability: 'syncfs' })
    const layer = ['setup', 'unpack', 'sync', 'commit']
    expect(times(trial.log)).toEqual(['read', ...layer, ...layer, ...layer])
    expect(image.meta.phasesOf?.(trial.params)).not.toContain('decompress')
  })

  it('has the same blobs for the same seed', async () => {
    const { blobs } = (await image.run(trialOf())) as { blobs: Blobs }
    const again = await blobsOf(
      trialOf().host,
      arrivingImage(trialOf().params, SEED),
      'none',
      trialOf().directory,
    )
    const plain = blobs.layers.map(({ content }) => digestOf(gunzipSync(content)))
    expect(again.layers.map(({ digest }) => digest)).toEqual(plain)
  })

  it('lies in one tree where there are no layers', async () => {
    const { trial } = await sample({}, { layers: { stacks: false } })
    expect(times(trial.log)).toEqual(['read', 'decompress', 'setup', 'unpack', 'unpack', 'unpack', 'commit'])
  })

  it('has zstd decompressed by Node where it can, a mebibyte at a time, and by the program where it cannot', async () => {
    const asked: unknown[] = []
    const node = {
      gunzip: () => undefined,
      zstdDecompress(content: Buffer, options: object, done: (error: null, result: Buffer) => void) {
        asked.push(options)
        done(null, content)
      },
    }
    const content = Buffer.from('blob')
    const run = () => {
      throw new Error('the program was started')
    }
    const host = createFakeHost({ run })
    await expect(decompress(host, 'blob', content, 'zstd', node)).resolves.toBe(content)
    expect(asked).toEqual([{ chunkSize: 1024 ** 2 }])
    expect(decompressor('zstd', node)).toBe('in this process')
    const older = { gunzip: node.gunzip }
    await expect(decompress(host, 'blob', content, 'zstd', older)).rejects.toThrow('the program was started')
    expect(decompressor('zstd', older)).toBe('by a program, with its fork')
  })

  it('cannot arrive by zstd without the program', async () => {
    await expect(sample({ compression: 'zstd' })).rejects.toThrow(code('scenario.no-zstd'))
  })

  it.each<[string, (folder: string) => void]>([
    ['lacks a file', (folder) => rmSync(join(folder, 'etc/passwd'), { force: true })],
    ['has a file too many', (folder) => writeFileSync(join(folder, 'more'), '')],
    ['has wrong bytes', (folder) => writeFileSync(join(folder, 'etc/group'), 'root:x:0:')],
  ])('is caught when it %s', async (_, commit) => {
    await expect(sample({}, { layers: { commit } })).rejects.toThrow(code('witness.content'))
  })

  it('is caught when a blob is not what its digest says', async () => {
    const trial = trialOf()
    const set = () => {
      writeFileSync(join(trial.directory, 'blob-1'), 'other')
      return Promise.resolve()
    }
    await expect(image.run({ ...trial, cache: { ...trial.cache, set } })).rejects.toThrow('layer 1')
  })
})

describe('the words of an image', () => {
  it.each([
    [{}, '8 layers, gzip'],
    [
      { image: 'small', compression: 'zstd', workers: '4', durability: 'per-file', layers: '1' },
      'small image, 1 layer, zstd, 4 workers, an fsync a file',
    ],
    [
      { compression: 'none', durability: 'syncfs', compressibility: '1' },
      '8 layers, not compressed, a syncfs a layer, data 1 : 1',
    ],
  ])('%j', (text, label) => {
    expect(image.label(image.params.parse(text))).toBe(label)
    expect(image.subject(image.params.parse(text))).toBe(`An image arriving: ${label}`)
  })
})
