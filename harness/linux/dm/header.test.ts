import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { answerData, decodeHeader, encodeRequest, HEADER_SIZE } from './header.ts'

const deviceName = fc.stringMatching(/^[a-z0-9_-]{0,127}$/)
const u32 = fc.nat(0xffffffff)

describe('struct dm_ioctl', () => {
  test('what is encoded is decoded', () => {
    fc.assert(
      fc.property(
        deviceName,
        u32,
        u32,
        u32,
        fc.uint8Array(),
        (name, flags, targetCount, eventNumber, payload) => {
          const buffer = encodeRequest({ name, flags, targetCount, eventNumber, payload })
          expect(decodeHeader(buffer)).toMatchObject({
            name,
            flags,
            targetCount,
            eventNumber,
            version: [4, 0, 0],
          })
          expect(answerData(buffer)).toEqual(Buffer.from(payload))
        },
      ),
    )
  })

  test('lies in memory as linux/dm-ioctl.h has it', () => {
    const buffer = encodeRequest({ name: 'vol', flags: 2, targetCount: 1, eventNumber: 7 }, 400)
    expect(HEADER_SIZE).toBe(312)
    expect(buffer).toHaveLength(400)
    const words = [0, 4, 8, 12, 16, 20, 24, 28, 32].map((offset) => buffer.readUInt32LE(offset))
    expect(words).toEqual([4, 0, 0, 400, 312, 1, 0, 2, 7])
    expect(buffer.toString('latin1', 48, 52)).toBe('vol\0')
  })

  test('names that the kernel would cut or refuse are refused', () => {
    for (const name of ['x'.repeat(128), 'a/b', 'a\0b'])
      expect(() => encodeRequest({ name })).toThrow(RangeError)
  })
})
