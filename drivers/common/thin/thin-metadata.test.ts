/**
 * Against a real pool's metadata, recorded while a metadata snapshot was held. The expected counts are those of thin_ls
 * (mapped, exclusive, shared) and thin_delta (device 1 against its origin 0, 2 against 1) of thin-provisioning-tools
 * 0.9.0.
 */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { lookUp, METADATA_BLOCK, walkTree } from './btree.ts'
import { blockReader, bytesIn, thinBlocks } from './thin-metadata.ts'

const image = gunzipSync(
  readFileSync(new URL('../../devicemapper/testing/recorded/metadata-1.img.gz', import.meta.url)),
)
const read = blockReader((buffer, position) => image.copy(buffer, 0, position))
/** `held_root` of the live superblock, and the two roots of the snapshot's. */
const snapshot = Number(image.readBigUInt64LE(56))
const mappingRoot = Number(image.readBigUInt64LE(snapshot * METADATA_BLOCK + 320))

const BLOCK = 65536

describe('own and inherited blocks', () => {
  test.for([
    { device: 0, own: 189, inherited: 0, what: 'the base' },
    { device: 1, own: 21, inherited: 185, what: 'a layer that was snapshotted itself' },
    { device: 2, own: 4, inherited: 202, what: 'a container that changed one byte' },
  ])('of $what', ({ device, own, inherited }) => {
    const bytes = bytesIn(thinBlocks(read, snapshot, device, BLOCK))
    expect(bytes).toEqual({ own: own * BLOCK, inherited: inherited * BLOCK })
  })

  test('within parts of the device only those parts count', () => {
    const blocks = thinBlocks(read, snapshot, 2, BLOCK)
    const start = blocks.own[0]?.start ?? NaN
    expect(bytesIn(blocks, [{ start: start + 4096, end: start + 8192 }])).toEqual({ own: 4096, inherited: 0 })
    expect(bytesIn(blocks, blocks.inherited)).toEqual({ own: 0, inherited: 202 * BLOCK })
  })

  test('a device that is not there', () => {
    expect(() => thinBlocks(read, snapshot, 3, BLOCK)).toThrow('no thin device 3')
  })

  test('a block that is no superblock', () => {
    expect(() => thinBlocks(read, mappingRoot, 0, BLOCK)).toThrow('not a thin pool’s superblock')
  })

  test('a block beyond the end', () => {
    expect(() => read(image.length / METADATA_BLOCK)).toThrow('beyond the end')
  })
})

describe('the B-tree', () => {
  test('walks in order of the keys, and finds each of them', () => {
    const keys: number[] = []
    walkTree(read, mappingRoot, (key, value) => {
      keys.push(key)
      expect(lookUp(read, mappingRoot, key)).toEqual(value)
    })
    expect(keys).toEqual([0, 1, 2])
    expect(lookUp(read, mappingRoot, 3)).toBeNull()
  })

  test('refuses a block that does not carry its own number', () => {
    const shifted = (block: number) => read(block + 1)
    expect(() => walkTree(shifted, mappingRoot, () => undefined)).toThrow('not a node')
  })
})
