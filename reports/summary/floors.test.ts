import { describe, expect, test } from 'vitest'
import { floorOf, limitOf } from './floors.ts'
import type { Calibration, DeviceLimit } from '../../harness/contracts/calibration.ts'

function limit(
  operation: DeviceLimit['operation'],
  pattern: DeviceLimit['pattern'],
  queueDepth: number,
  bytesPerSecond: number,
): DeviceLimit {
  return { operation, pattern, queueDepth, bytesPerSecond, blockSize: 1, iops: 1, median: null, p99: null }
}

const limits = [
  limit('read', 'random', 1, 10),
  limit('read', 'random', 8, 40),
  limit('write+flush', 'sequential', 1, 300),
  limit('write+flush', 'sequential', 8, 200),
  limit('copy', 'sequential', 1, 100),
  limit('copy', 'sequential', 8, 150),
]

const calibration: Calibration = {
  at: '2026-01-31T14:25:01.000Z',
  extent: 'brief',
  seconds: 15,
  harness: { clock: 4e-8, phase: 2e-7, verb: 1e-6, call: 3e-7, tinybench: { task: 4e-8, byHand: 6e-8 } },
  device: { path: '/dev/x', size: 1, limits },
  noise: [],
}

describe('the floor of a phase', () => {
  test('is twenty empty ones', () => {
    expect(floorOf(calibration)).toBeCloseTo(4e-6, 12)
    expect(floorOf(calibration, 'fsync')).toBeCloseTo(4e-6, 12)
  })

  test.each(['prepare', 'mount', 'umount', 'remove'])(
    'is higher for %s, which waits for a promise',
    (verb) => {
      expect(floorOf(calibration, verb)).toBeCloseTo(2e-5, 12)
    },
  )
})

describe('the limit of a phase', () => {
  test('is the better of the queue depths, whichever that is', () => {
    expect(limitOf(calibration, { operation: 'read', pattern: 'random' }, 'warm')).toBe(limits[1])
    expect(limitOf(calibration, { operation: 'write+flush', pattern: 'sequential' }, 'cold')).toBe(limits[2])
  })

  test('of a copy is that of writing alone where the cache is warm: nothing is read from the device', () => {
    const copy = { operation: 'copy', pattern: 'sequential' } as const
    expect(limitOf(calibration, copy, 'cold')).toBe(limits[5])
    expect(limitOf(calibration, copy, 'warm')).toBe(limits[2])
  })

  test('is not known where it was not measured', () => {
    expect(limitOf(calibration, { operation: 'write', pattern: 'random' }, 'warm')).toBeNull()
    expect(
      limitOf({ ...calibration, device: null }, { operation: 'read', pattern: 'random' }, 'warm'),
    ).toBeNull()
  })
})
