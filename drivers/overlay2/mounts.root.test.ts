/** Checks beyond the drivers' suite: what is special about overlay. */
import { chmodSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readMounts } from '../../harness/linux/mountinfo.ts'
import { testHost } from '../../harness/testing/scratch-file.ts'
import { writeAt } from '../testsuite/checks/check.ts'
import { configure } from '../testsuite/configuration.ts'
import { BIG_SIZE } from '../testsuite/image.ts'
import { withFixture, type Fixture } from '../testsuite/fixture.ts'
import { overlay2 } from './index.ts'

const LAYERS = 120
const FILE = 'data/big'

/** Returns the kernel's options of the overlay on this mount point: those of the superblock in the mount table. */
function kernelOptionsOf(root: string): string[] {
  const mount = readMounts().find(({ target }) => target === root)
  return mount?.superOptions.split(',') ?? []
}

test(`${LAYERS} layers`, { timeout: 60_000 }, () =>
  withFixture(overlay2, configure(overlay2), async (fixture) => {
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
  }),
)

describe('the kernel takes the options', () => {
  // Without xino: where all layers lie on one file system it has no effect, and the kernel does not show it.
  test.each([
    {
      options: { metacopy: 'on', index: 'on' },
      taken: [/^metacopy=on$/, /^redirect_dir=on$/, /^index=on$/],
    },
    { options: { redirect_dir: 'nofollow' }, taken: [/^redirect_dir=nofollow$/] },
    { options: { fsync: 'volatile' }, taken: [/^(fsync=)?volatile$/] },
    { options: { volatile: 'on' }, taken: [/^(fsync=)?volatile$/] },
  ])('$options', ({ options, taken }) =>
    withFixture(overlay2, configure(overlay2, 'ext4', options), async (fixture) => {
      const container = await fixture.container(await fixture.image())
      const shown = kernelOptionsOf(container.root)
      for (const option of taken) expect(shown).toContainEqual(expect.stringMatching(option))
    }),
  )
})

async function afterOneByte(fixture: Fixture) {
  const container = await fixture.container(await fixture.image())
  writeAt(container.path(FILE), BIG_SIZE / 2, 'x')
  return fixture.snapshotter.provenance(container.key, FILE)
}

test('a container that is mounted with another fsync= than its configuration is caught', () =>
  withFixture(overlay2, configure(overlay2, 'ext4', { fsync: 'volatile' }), async (fixture) => {
    const container = await fixture.container(await fixture.image())
    expect(await fixture.snapshotter.condition?.()).toEqual({ details: { overlayFsync: 'volatile' } })
    await container.unmount()
    const mounts = await fixture.snapshotter.mounts(container.key)
    const synced = mounts.map((mount) => ({
      ...mount,
      options: mount.options.filter((option) => option !== 'volatile'),
    }))
    await fixture.host.mount(synced, container.root)
    try {
      const condition = await fixture.snapshotter.condition?.()
      expect(condition?.failure).toMatchObject({ code: 'witness.mount-option' })
    } finally {
      await fixture.host.unmount(container.root)
    }
  }))

describe('how the first change is satisfied', () => {
  test('xfs: cloned', () =>
    withFixture(overlay2, configure(overlay2, 'xfs'), async (fixture) => {
      const { sharedBytes, exclusiveBytes } = await afterOneByte(fixture)
      expect(exclusiveBytes).toBeLessThanOrEqual(65536)
      expect((sharedBytes ?? 0) + (exclusiveBytes ?? 0)).toBe(BIG_SIZE)
    }))

  test('xfs without reflink: copied', () =>
    withFixture(overlay2, configure(overlay2, 'xfs', { reflink: 'off' }), async (fixture) => {
      expect(await afterOneByte(fixture)).toEqual({
        layer: 'upper',
        sharedBytes: 0,
        exclusiveBytes: BIG_SIZE,
      })
    }))

  test('metacopy: attributes only, until data is written', () =>
    withFixture(overlay2, configure(overlay2, 'ext4', { metacopy: 'on' }), async (fixture) => {
      const container = await fixture.container(await fixture.image())
      chmodSync(container.path(FILE), 0o600)
      const attributes = await fixture.snapshotter.provenance(container.key, FILE)
      expect(attributes).toEqual({ layer: 'upper', sharedBytes: null, exclusiveBytes: 0 })
      writeAt(container.path(FILE), 0, 'x')
      const data = await fixture.snapshotter.provenance(container.key, FILE)
      expect(data).toEqual({ layer: 'upper', sharedBytes: 0, exclusiveBytes: BIG_SIZE })
    }))
})

test('an option that the backing cannot have is answered with a hint', async () => {
  const support = await overlay2.probe(testHost(), configure(overlay2, 'btrfs', { reflink: 'off' }))
  expect(support).toMatchObject({
    ok: false,
    code: 'usage.driver-option',
    hint: expect.stringContaining('@xfs'),
  })
})
