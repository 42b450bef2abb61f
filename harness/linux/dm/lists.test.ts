import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeNames, decodeVersions } from './lists.ts'

const name = fc.stringMatching(/^[a-z0-9-]{1,40}$/)

/** Records as the kernel writes them: padded to 8 bytes, `next` 0 in the last. */
function chain(records: readonly Buffer[], nextOffset: number): Buffer {
  const padded = records.map((record) => Buffer.concat([record, Buffer.alloc((8 - (record.length % 8)) % 8)]))
  padded.forEach((record, index) => {
    record.writeUInt32LE(index === padded.length - 1 ? 0 : record.length, nextOffset)
  })
  return Buffer.concat(padded)
}

test('struct dm_name_list', () => {
  const device = fc.record({ name, dev: fc.integer({ min: 1, max: 0xffffffff }) })
  fc.assert(
    fc.property(fc.array(device, { minLength: 1, maxLength: 8 }), (devices) => {
      const records = devices.map((each) => {
        const record = Buffer.concat([Buffer.alloc(12), Buffer.from(`${each.name}\0`)])
        record.writeBigUInt64LE(BigInt(each.dev), 0)
        return record
      })
      expect(decodeNames(chain(records, 8))).toEqual(devices)
    }),
  )
})

test('no device at all', () => expect(decodeNames(Buffer.alloc(16))).toEqual([]))

describe('struct dm_target_versions', () => {
  test('what the kernel chains is read', () => {
    const part = fc.nat(99)
    const target = fc.record({ name, parts: fc.tuple(part, part, part) })
    fc.assert(
      fc.property(fc.array(target, { minLength: 1, maxLength: 8 }), (targets) => {
        const records = targets.map((each) => {
          const record = Buffer.concat([Buffer.alloc(16), Buffer.from(`${each.name}\0`)])
          each.parts.forEach((value, index) => record.writeUInt32LE(value, 4 + index * 4))
          return record
        })
        const versions = targets.map((each) => ({ name: each.name, version: each.parts.join('.') }))
        expect(decodeVersions(chain(records, 0))).toEqual(versions)
      }),
    )
  })
})
