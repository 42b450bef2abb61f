import fc from 'fast-check'
import { expect, test } from 'vitest'
import { z } from 'zod'
import {
  choiceOption,
  formatSize,
  integerOption,
  parseDuration,
  parseSize,
  sizeOption,
  switchOption,
} from './units.ts'

test('a size is read back as it was written', () => {
  fc.assert(fc.property(fc.maxSafeNat(), (bytes) => parseSize(formatSize(bytes)) === bytes))
})

test('a size in any unit and spelling is that many bytes', () => {
  const unit = fc.constantFrom<[string, number]>(['K', 1], ['M', 2], ['G', 3])
  const suffix = fc.constantFrom('', 'B', 'b', 'iB', 'ib')
  fc.assert(
    fc.property(fc.nat(4096), unit, suffix, fc.boolean(), (value, [letter, power], end, small) => {
      const text = `${value}${small ? letter.toLowerCase() : letter}${end}`
      expect(parseSize(text)).toBe(value * 1024 ** power)
    }),
  )
})

test.each([
  ['1.5G', 1_610_612_736],
  ['4 KiB', 4096],
  ['0', 0],
  ['512', 512],
])('%s is %i bytes', (text, bytes) => expect(parseSize(text)).toBe(bytes))

test.each(['', 'K', '1.5', '-1M', '1e6', '1MM', '1 M B', '9999999T', '٣M', '1M,2M'])(
  '"%s" is not a size',
  (text) => expect(parseSize(text)).toBeNull(),
)

test('the shortest exact notation', () => {
  expect([1000, 1024, 1536, 1024 ** 4, 5 * 1024 ** 5].map(formatSize)).toEqual([
    '1000',
    '1K',
    '1536',
    '1T',
    '5120T',
  ])
})

test('a duration is the sum of its parts', () => {
  const part = fc.nat(1000)
  fc.assert(
    fc.property(part, part, part, (hours, minutes, seconds) => {
      expect(parseDuration(`${hours}h${minutes}m ${seconds}s`)).toBe(hours * 3600 + minutes * 60 + seconds)
    }),
  )
})

test.each([
  ['250ms', 0.25],
  ['1.5h', 5400],
  ['2min', 120],
])('%s is %d seconds', (text, seconds) => expect(parseDuration(text)).toBeCloseTo(seconds))

test.each(['', '10', '1m30', 'm', '-1s', '1d', '1h,30m'])('"%s" is not a duration', (text) =>
  expect(parseDuration(text)).toBeNull(),
)

test('options are text outside and values inside, with defaults', () => {
  const schema = z.strictObject({
    size: sizeOption('64K', ''),
    count: integerOption(3, 1, 9, ''),
    kind: choiceOption(['a', 'b'], 'b', ''),
    fast: switchOption(true, ''),
  })
  expect(schema.parse({})).toEqual({ size: 65_536, count: 3, kind: 'b', fast: true })
  const parsed = schema.parse({ size: '1024K', count: '9', kind: 'a', fast: 'off' })
  expect(z.encode(schema, parsed)).toEqual({ size: '1M', count: '9', kind: 'a', fast: 'off' })
  for (const wrong of [{ size: '' }, { count: '0' }, { count: '1.0' }, { kind: 'c' }, { fast: 'yes' }])
    expect(schema.safeParse(wrong).success).toBe(false)
})
