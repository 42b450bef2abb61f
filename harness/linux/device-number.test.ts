import fc from 'fast-check'
import { expect, test } from 'vitest'
import { deviceNumber, deviceText } from './device-number.ts'

test('every major below 4096 and minor below 2^20', () => {
  fc.assert(
    fc.property(fc.nat(0xfff), fc.nat(0xfffff), (major, minor) => {
      // linux/kdev_t.h, new_encode_dev
      const dev = (minor & 0xff) + major * 256 + Math.floor(minor / 256) * 2 ** 20
      expect(deviceNumber(dev)).toEqual({ major, minor })
    }),
  )
})

// 300 = 0x12c: the upper part stands above the 12 bits of the major number.
test('a minor number in two parts', () => expect(deviceNumber(0x10002c)).toEqual({ major: 0, minor: 300 }))

test('as tables and mountinfo name it', () => expect(deviceText(0xfd03)).toBe('253:3'))
