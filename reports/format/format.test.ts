import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  formatDuration,
  formatHalfWidth,
  formatInterval,
  formatP,
  formatPercent,
  formatRatio,
  formatRatioInterval,
  formatShare,
  formatValue,
  joinList,
  NOTHING,
  plural,
} from './format.ts'

describe('formatValue', () => {
  it.each([
    [0.0014, '1.40 ms'],
    [0.251, '251 ms'],
    [36.1e-6, '36.1 µs'],
    [0.000_999_7, '1.00 ms'],
    [1.206, '1.21 s'],
    [75, '75.0 s'],
    [3e-9, '3.00 ns'],
    [0, '0 s'],
  ])('%f seconds are %s', (seconds, text) => {
    expect(formatValue(seconds, 's')).toBe(text)
  })

  it.each([
    [268_435_456, 'bytes', '256 MiB'],
    [4096, 'bytes', '4 KiB'],
    [1_077_248, 'bytes', '1.03 MiB'],
    [1, 'bytes', '1 B'],
    [9120.4, 'iops', '9,120 IOPS'],
    [536_870_912, 'bytes/s', '512 MiB/s'],
    [2000, 'count', '2,000'],
  ] as const)('%f %s are %s', (value, unit, text) => {
    expect(formatValue(value, unit)).toBe(text)
  })

  it('says nothing of nothing', () => {
    expect(formatValue(null, 's')).toBe(NOTHING)
  })

  it('never errs by more than half a unit of the third digit', () => {
    const factors: Record<string, number> = { ns: 1e-9, µs: 1e-6, ms: 1e-3, s: 1 }
    fc.assert(
      fc.property(fc.double({ min: 1e-9, max: 900, noNaN: true }), (seconds) => {
        const [number = '', unit = ''] = formatValue(seconds, 's').split(' ')
        const read = Number(number.replaceAll(',', '')) * (factors[unit] ?? Number.NaN)
        expect(Math.abs(read - seconds) / seconds).toBeLessThanOrEqual(0.005_001)
      }),
    )
  })
})

it('gives both ends of an interval the unit of the median', () => {
  expect(formatInterval(0.0009, 1.5, 0.0014, 's')).toBe('0.90 – 1,500 ms')
  expect(formatInterval(null, null, 1, 's')).toBe(NOTHING)
})

it('writes ratios with three digits', () => {
  expect([179.6, 1.02, 0.2, 12.34, 0.998, 1234.5].map((ratio) => formatRatio(ratio))).toEqual([
    '180×',
    '1.02×',
    '0.20×',
    '12.3×',
    '1.00×',
    '1,235×',
  ])
  expect(formatRatioInterval(0.98, 1.05)).toBe('0.98 – 1.05')
})

it('writes shares, durations, numbers of things and lists', () => {
  expect(formatShare(0.9375)).toBe('93.8 %')
  expect([7500, 252, 9].map((seconds) => formatDuration(seconds))).toEqual(['2 h 5 min', '4 min 12 s', '9 s'])
  expect([plural(1, 'round'), plural(2000, 'sample')]).toEqual(['1 round', '2,000 samples'])
  expect([joinList([]), joinList(['a']), joinList(['a', 'b', 'c'])]).toEqual(['', 'a', 'a, b and c'])
})

it('writes parts and changes with the digits that they deserve', () => {
  expect([0.0004, 0.0821, 0.0996, 0.624, 1.5, 12.4, -0.034, 0].map((share) => formatPercent(share))).toEqual([
    '0.04 %',
    '8.2 %',
    '10 %',
    '62 %',
    '150 %',
    '1,240 %',
    '-3.4 %',
    '0 %',
  ])
  expect(formatHalfWidth(0.0321)).toBe('± 3.2 %')
})

it('writes p as exactly as it matters', () => {
  expect([0.04321, 0.5, 1, 0.001, 0.000_99, null].map((p) => formatP(p))).toEqual([
    'p 0.043',
    'p 0.5',
    'p 1',
    'p 0.001',
    'p < 0.001',
    NOTHING,
  ])
})

it('writes the ticks of a ratio', () => {
  expect([0.5, 1, 220].map((value) => formatValue(value, 'ratio'))).toEqual(['0.50×', '1×', '220×'])
})
