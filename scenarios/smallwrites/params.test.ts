import { describe, expect, test } from 'vitest'
import { footprint, image, operations } from './params.ts'
import { smallwrites } from './index.ts'

/** Bytes of ext4 for each inode (mke2fs.conf, inode_ratio). */
const BYTES_FOR_AN_INODE = 16 * 1024
const FILES_A_DIRECTORY = 100

const paramsOf = (given: Record<string, string>) =>
  smallwrites.params.parse({ image: 'tiny', layers: '1', ...given })

describe('the space of many files', () => {
  test.each([100, 2000, 50_000, 130_000])(
    'has the inodes of an image of %i files and of its container',
    (files) => {
      for (const op of operations.slice(0, 2)) {
        const params = paramsOf({ op, files: String(files) })
        const { changed, containers } = footprint(params)
        const [layer] = image(params, 1).layers
        const inodes = files + Math.ceil(files / FILES_A_DIRECTORY)
        // Directories are in what the estimate allows beyond the bytes themselves.
        expect((layer?.bytes ?? 0) * 1.3).toBeGreaterThanOrEqual(inodes * BYTES_FOR_AN_INODE)
        expect(changed * containers * 1.3).toBeGreaterThanOrEqual(inodes * BYTES_FOR_AN_INODE)
      }
    },
  )

  test('is that of a million files at most', () => {
    expect(paramsOf({ files: '1000000' }).files).toBe(1_000_000)
    expect(() => paramsOf({ files: '1000001' })).toThrow(/1000000/)
  })
})
