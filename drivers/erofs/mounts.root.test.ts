/** Checks beyond the drivers' suite: images, and how they are mounted. */
import {
  truncateSync,
  openSync,
  closeSync,
  readFileSync,
  readdirSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readMounts } from '../../harness/linux/mountinfo.ts'
import { failureCode, writeAt } from '../testsuite/checks/check.ts'
import { configure } from '../testsuite/configuration.ts'
import { BIG_SIZE } from '../testsuite/image.ts'
import { withFixture, type Fixture } from '../testsuite/fixture.ts'
import { erofs } from './index.ts'

const LAYERS = 120
const GIBIBYTE = 1024 ** 3
const PAGE = 4096
// linux/fadvise.h
const POSIX_FADV_DONTNEED = 4

/** Returns the mounted layers of a store: what each is mounted from, in the order of mounting. */
function layerSources({ snapshotter }: Fixture): string[] {
  const directory = dirname(snapshotter.store.path ?? '')
  return readMounts()
    .filter(({ target }) => target.startsWith(`${directory}/l/`))
    .map(({ type, source, superOptions }) => `${type} ${source} ${superOptions}`)
}

function residentBytes({ host }: Fixture, path: string): number {
  return withFile(path, (fd) => host.syscalls.residentPages(fd, statSync(path).size).resident * PAGE)
}

function forgetPages({ host }: Fixture, path: string): void {
  withFile(path, (fd) => host.syscalls.fadvise(fd, 0, 0, POSIX_FADV_DONTNEED))
}

function withFile<T>(path: string, look: (fd: number) => T): T {
  const fd = openSync(path, 'r')
  try {
    return look(fd)
  } finally {
    closeSync(fd)
  }
}

test(`${LAYERS} layers`, () =>
  withFixture(erofs, configure(erofs), async (fixture) => {
    let name: string | null = null
    for (let index = 0; index < LAYERS; index += 1) {
      name = await fixture.layer(name, (root) => writeFileSync(`${root}/${index}`, String(index)))
    }
    const container = await fixture.container(name)
    expect(readdirSync(container.root)).toHaveLength(LAYERS)
    for (const index of [0, LAYERS / 2, LAYERS - 1]) {
      expect(readFileSync(container.path(String(index)), 'utf8')).toBe(String(index))
    }
    writeFileSync(container.path('0'), 'changed')
    expect(readFileSync(container.path('0'), 'utf8')).toBe('changed')
  }))

describe('a layer is mounted', () => {
  test.each([
    { mount: 'auto', from: /^erofs \/.*\/image ro,/ },
    { mount: 'file', from: /^erofs \/.*\/image ro,/ },
    { mount: 'loop', from: /^erofs \/dev\/loop\d+ ro,/ },
  ])('mount=$mount', ({ mount, from }) =>
    withFixture(erofs, configure(erofs, 'ext4', { mount }), async (fixture) => {
      await fixture.layer(null, (root) => writeFileSync(`${root}/file`, ''))
      expect(layerSources(fixture)).toEqual([expect.stringMatching(from)])
    }),
  )

  test('once for all that stand on it, until it is removed', () =>
    withFixture(erofs, configure(erofs), async (fixture) => {
      const image = await fixture.layer(null, (root) => writeFileSync(`${root}/file`, 'content'))
      const containers = [await fixture.container(image), await fixture.container(image)]
      expect(layerSources(fixture)).toHaveLength(1)
      for (const container of containers) await fixture.remove(container)
      expect(layerSources(fixture)).toHaveLength(1)
      await fixture.snapshotter.prepare('above', image)
      await fixture.snapshotter.commit('top', 'above')
      expect(layerSources(fixture)).toHaveLength(2)
      await fixture.snapshotter.remove('top')
      expect(layerSources(fixture)).toHaveLength(1)
    }))
})

describe('a file of a layer is read through the page cache of its image', () => {
  test.each(['file', 'loop'])('mount=%s', (mount) =>
    withFixture(erofs, configure(erofs, 'ext4', { mount }), async (fixture) => {
      const container = await fixture.container(await fixture.image())
      const beneathOf = async () =>
        (await fixture.snapshotter.backingCacheFiles?.(container.key))?.('data/big')
      const [image = '', ...others] = (await beneathOf()) ?? []
      expect(others).toEqual([])
      await fixture.snapshotter.settle()
      forgetPages(fixture, image)
      expect(residentBytes(fixture, image)).toBeLessThan(BIG_SIZE / 2)
      readFileSync(container.path('data/big'))
      expect(residentBytes(fixture, image)).toBeGreaterThanOrEqual(BIG_SIZE)
      writeAt(container.path('data/big'), 0, 'x')
      expect(await beneathOf()).toEqual([])
    }),
  )
})

describe('the first change is a copy out of the image', () => {
  test.each(['ext4', 'xfs'] as const)('%s', (backing) =>
    withFixture(erofs, configure(erofs, backing), async (fixture) => {
      const container = await fixture.container(await fixture.image())
      writeAt(container.path('data/big'), BIG_SIZE / 2, 'x')
      const after = await fixture.snapshotter.provenance(container.key, 'data/big')
      expect(after).toEqual({ layer: 'upper', sharedBytes: 0, exclusiveBytes: BIG_SIZE })
    }),
  )
})

test.each(['lz4', 'lz4hc'])(
  'compress=%s: the image is smaller than the files, which are the same',
  (compress) =>
    withFixture(erofs, configure(erofs, 'ext4', { compress }), async (fixture) => {
      const content = 'the same line again and again\n'.repeat(100_000)
      const image = await fixture.layer(null, (root) => writeFileSync(`${root}/file`, content))
      expect((await fixture.snapshotter.usage(image)).bytes).toBeLessThan(content.length / 10)
      const container = await fixture.container(image)
      expect(readFileSync(container.path('file'), 'utf8')).toBe(content)
      writeAt(container.path('file'), 0, 'T')
      expect(statSync(container.path('file')).size).toBe(content.length)
    }),
)

test('what does not fit as an image stays what it was', () =>
  withFixture(erofs, configure(erofs), async (fixture) => {
    const container = await fixture.container(null)
    writeFileSync(container.path('file'), 'content')
    writeFileSync(container.path('sparse'), '')
    truncateSync(container.path('sparse'), 5 * GIBIBYTE)
    expect(await failureCode(() => fixture.commit(container))).toBe('driver.no-space')
    expect(layerSources(fixture)).toEqual([])
    await container.mount()
    expect(readFileSync(container.path('file'), 'utf8')).toBe('content')
  }))
