import { rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createFakeHost } from '../../harness/testing/fake-host.ts'
import { ownContent } from '../dataset/image.ts'
import { createFakeTrial, SEED, type FakeTrialScript } from '../testing/fake-trial.ts'
import { metadata } from './index.ts'
import type { MetadataParams } from './params.ts'
import {
  ENTRIES,
  everyFile,
  fileOf,
  lowestFiles,
  operations,
  PLACES,
  placesOf,
  updatedFiles,
  WITNESS_FILE,
} from './places.ts'

const code = (value: string) => expect.objectContaining({ code: value }) as Error

function trialOf(text: Record<string, string>, script: Partial<FakeTrialScript<MetadataParams>> = {}) {
  return createFakeTrial<MetadataParams>({
    params: metadata.params.parse({ iterations: '20', ...text }),
    image: (writer) => {
      for (const { path, size } of [...lowestFiles, ...updatedFiles])
        writer.content(path, ownContent(SEED, 2.6, path), size, 0o644)
    },
    host: createFakeHost(),
    ...script,
  })
}

type Fake = ReturnType<typeof trialOf>
const inContainer = (trial: Fake, path: string) => join(trial.container().root, path)
const seriesOf = (trial: Fake) => trial.log.filter((line) => line.startsWith('series'))

describe('places', () => {
  it('are distinct for every operation, and hold what readdir shows', () => {
    const all = operations.flatMap(placesOf)
    expect(new Set(all).size).toBe(operations.length * PLACES)
    const [place = ''] = all
    const inside = [...lowestFiles, ...updatedFiles].filter(({ path }) => path.startsWith(`${place}/`))
    expect(inside).toHaveLength(ENTRIES)
  })

  it('are in every layer of the image', () => {
    const bytesOf = (depth: string) =>
      metadata.image(metadata.params.parse({ depth }), SEED).layers.map(({ bytes }) => bytes)
    expect(bytesOf('1')).toHaveLength(1)
    const [, ...above] = bytesOf('120')
    expect(above).toHaveLength(119)
    const updated = updatedFiles.reduce((total, { size }) => total + size, 0)
    for (const bytes of above) expect(bytes).toBeGreaterThanOrEqual(updated)
  })
})

describe('a warm trial', () => {
  it('reads all files through, then repeats each operation', async () => {
    const trial = trialOf({})
    const observed = await metadata.run(trial)
    expect(trial.log.filter((line) => line.startsWith('cache'))).toEqual([`cache ${everyFile.join(' ')}`])
    expect(seriesOf(trial)).toEqual(operations.map((id) => `series ${id} 20`))
    expect(trial.log.indexOf(`cache ${everyFile.join(' ')}`)).toBeGreaterThan(
      trial.log.findIndex((line) => line.startsWith('provenance')),
    )
    await expect(metadata.verify(trial, observed)).resolves.toMatchObject({
      mechanism: 'none',
      bytesChanged: null,
      changed: null,
    })
  })
})

describe('a cold trial', () => {
  it('touches every place once, and verifies the cache on a file that it does not touch', async () => {
    const trial = trialOf({}, { cache: 'cold' })
    const observed = await metadata.run(trial)
    expect(trial.log).toContain(`cache ${WITNESS_FILE}`)
    expect(operations.flatMap(placesOf).map(fileOf)).not.toContain(WITNESS_FILE)
    expect(seriesOf(trial)).toEqual(operations.map((id) => `series ${id} ${PLACES}`))
    expect(trial.log.at(-1)).toBe(`cold read ${placesOf('read').map(fileOf).join(' ')}`)
    await expect(metadata.verify(trial, observed)).resolves.toMatchObject({ mechanism: 'none' })
  })
})

describe('the witness', () => {
  it('catches bytes that are not the image’s', async () => {
    const trial = trialOf({})
    await trial.container().prepare()
    writeFileSync(inContainer(trial, fileOf(placesOf('read')[3] ?? '')), Buffer.alloc(4096, 'x'))
    await expect(metadata.verify(trial, await metadata.run(trial))).rejects.toThrow(code('witness.content'))
  })

  it('catches a directory whose entries have other names', async () => {
    const trial = trialOf({})
    const [place = ''] = placesOf('readdir')
    await trial.container().prepare()
    rmSync(inContainer(trial, `${place}/version`))
    writeFileSync(inContainer(trial, `${place}/other`), '')
    await expect(metadata.verify(trial, await metadata.run(trial))).rejects.toThrow(code('witness.content'))
  })

  it('catches a changed lower file', async () => {
    const trial = trialOf({})
    const observed = await metadata.run(trial)
    truncateSync(join(trial.lower, fileOf(placesOf('read')[0] ?? '')), 5)
    await expect(metadata.verify(trial, observed)).rejects.toThrow(code('witness.lower'))
  })

  it('catches a file that lies in the container layer', async () => {
    const trial = trialOf({}, { before: { layer: 'upper', sharedBytes: 0, exclusiveBytes: 4096 } })
    await expect(metadata.verify(trial, await metadata.run(trial))).rejects.toThrow(code('witness.mechanism'))
  })

  const shared = (exclusiveBytes: number) => ({ layer: 'shared', sharedBytes: 4096, exclusiveBytes }) as const
  async function verifyGrown(cowUnit: 'extent' | 'block') {
    const trial = trialOf({}, { cowUnit, before: shared(0), after: shared(4096), allocated: () => 0 })
    const observed = await metadata.run(trial)
    // From here on the fake shows the provenance of afterwards.
    trial.clock.time('open', () => undefined)
    return metadata.verify(trial, observed)
  }
  it('catches extents that became the container’s own', () =>
    expect(verifyGrown('extent')).rejects.toThrow(code('witness.mechanism')))
  it('lets a block device have its journal', () =>
    expect(verifyGrown('block')).resolves.toMatchObject({ mechanism: 'none' }))

  it('catches a store that has grown', async () => {
    let bytes = 10 * 1024 ** 2
    const trial = trialOf({}, { allocated: () => (bytes += 2 * 1024 ** 2) })
    await expect(metadata.verify(trial, await metadata.run(trial))).rejects.toThrow('grew by 2097152 bytes')
  })
})

describe('parameters', () => {
  it.each([{ depth: '0' }, { depth: '500' }, { iterations: '7' }, { layers: '8' }])(
    'refuse %o',
    (given: Record<string, string>) => {
      expect(metadata.params.safeParse(given).success).toBe(false)
    },
  )

  it('are said as a person says them', () => {
    const said = (text: Record<string, string>) => {
      const given = metadata.params.parse(text)
      return [metadata.label(given), metadata.subject(given)]
    }
    expect(said({ depth: '1' })).toEqual(['1 layer', 'Opening a file of the only layer'])
    expect(said({ depth: '120', iterations: '2000' })).toEqual([
      '120 layers, 2,000 calls',
      'Opening a file in the lowest of 120 layers',
    ])
  })
})
