import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { Calibration, DeviceLimit } from '../../../harness/contracts/calibration.ts'
import { renderCalibration } from './calibration.ts'

const sequential = { pattern: 'sequential', blockSize: 1024 ** 2, queueDepth: 8 } as const
const limits: DeviceLimit[] = [
  { operation: 'copy', ...sequential, bytesPerSecond: 419430400, iops: 400, median: null, p99: null },
  {
    operation: 'write+flush',
    pattern: 'random',
    blockSize: 4096,
    queueDepth: 1,
    bytesPerSecond: 13_686_036,
    iops: 3341.317,
    median: 0.000097792,
    p99: 0.002244608,
  },
]

const calibration: Calibration = {
  at: '2026-01-31T14:25:01.000Z',
  extent: 'full',
  seconds: 201,
  harness: {
    clock: 4e-8,
    phase: 3.6e-7,
    verb: 2.9e-6,
    call: 2.1e-7,
    tinybench: { task: 4e-8, byHand: 6e-8 },
  },
  device: { path: '/srv/scratch/0.img', size: 2 * 1024 ** 3, limits },
  noise: [
    {
      operation: '4 KiB written and flushed',
      kind: 'disk',
      seconds: 120,
      n: 42_100,
      median: 1.13e-3,
      coefficientOfVariation: 0.064,
    },
  ],
}

describe('renderCalibration', () => {
  it('tells the cost, the device and the noise, with what follows from them', () => {
    expect(renderCalibration(calibration, false)).toBe(
      [
        'What the harness costs',
        '                                median',
        'one reading of the clock       40.0 ns',
        'an empty phase                  360 ns  in every phase',
        'an empty phase with a promise  2.90 µs  in prepare, mount, umount, remove',
        'one foreign call                210 ns  getpid(2)',
        'an empty task of tinybench     40.0 ns  by hand 60.0 ns',
        'a phase under 7.20 µs, a verb under 58.0 µs, is below the floor: 20 × an empty one',
        '',
        'What the device does: /srv/scratch/0.img, 2 GiB of it, direct I/O',
        '                         block  depth  throughput   IOPS   median      p99',
        'copy         sequential  1 MiB      8   400 MiB/s    400        –        –',
        'write+flush  random      4 KiB      1  13.1 MiB/s  3,341  97.8 µs  2.24 ms',
        'without file system or driver: no driver on it writes or copies faster for long',
        '',
        'How noisy the host is',
        '                                       n   median  variation',
        '4 KiB written and flushed, 120 s  42,100  1.13 ms      6.4 %',
        'variation: standard deviation ÷ mean of the same work, done again and again',
      ].join('\n'),
    )
  })

  it('says nothing of a device that was not measured', () => {
    const text = renderCalibration({ ...calibration, device: null }, false)
    expect(text.split('\n\n').map((section) => section.split('\n')[0])).toEqual([
      'What the harness costs',
      'How noisy the host is',
    ])
  })

  it('stands in the same columns in colour', () => {
    const coloured = renderCalibration(calibration, true)
    expect(coloured).not.toBe(renderCalibration(calibration, false))
    expect(stripVTControlCharacters(coloured)).toBe(renderCalibration(calibration, false))
  })
})
