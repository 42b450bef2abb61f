import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { configure } from '../testsuite/configuration.ts'
import { zfs } from './index.ts'
import { zfsOptions } from './options.ts'

const MEBIBYTE = 1024 ** 2

describe('options', () => {
  test('defaults', () => {
    expect(zfsOptions.parse({})).toEqual({
      recordsize: 131072,
      compression: 'off',
      atime: false,
      arc: null,
    })
  })

  test.for([
    [{ recordsize: '512' }, { recordsize: 512 }],
    [{ recordsize: '1M' }, { recordsize: MEBIBYTE }],
    [
      { compression: 'zstd', atime: 'on' },
      { compression: 'zstd', atime: true },
    ],
    [{ arc: '512M' }, { arc: 512 * MEBIBYTE }],
    [{ arc: 'half' }, { arc: null }],
  ] as const)('%o is %o', ([given, parsed]) => expect(zfsOptions.parse(given)).toMatchObject(parsed))

  test.for([
    { recordsize: '96K' },
    { recordsize: '256' },
    { recordsize: '2M' },
    { compression: 'on' },
    { arc: 'all' },
    { dedup: 'on' },
  ])('refused: %o', (given) => expect(zfsOptions.safeParse(given).success).toBe(false))
})

describe('space needed', () => {
  const needed = (recordsize: string, layers: readonly number[], containers: number, changed: number) =>
    zfs.meta.spaceNeeded(configure(zfs, 'zfs', { recordsize }), layers, containers, changed)

  test('a byte costs a container a record, whatever the image', () => {
    for (const image of [MEBIBYTE, 1024 * MEBIBYTE])
      expect(needed('128K', [image], 1, 1) - image).toBe(131072)
  })

  test('never more than everything once more', () => {
    const bytes = fc.integer({ min: 0, max: 1024 * MEBIBYTE })
    fc.assert(
      fc.property(fc.constantFrom('512', '128K', '1M'), bytes, bytes, (recordsize, image, changed) => {
        const container = needed(recordsize, [image], 1, changed) - image
        expect(container).toBeLessThanOrEqual(image + changed)
        expect(container).toBeGreaterThanOrEqual(changed <= image ? changed : 0)
      }),
    )
  })
})
