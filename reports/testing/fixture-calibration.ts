import type { Calibration, DeviceLimit } from '../../harness/contracts/calibration.ts'

const MIB = 1024 ** 2

function limit(
  operation: DeviceLimit['operation'],
  pattern: DeviceLimit['pattern'],
  queueDepth: number,
  perSecond: number,
): DeviceLimit {
  const blockSize = pattern === 'sequential' ? MIB : 4096
  const seconds = (blockSize * queueDepth) / perSecond
  return {
    operation,
    pattern,
    blockSize,
    queueDepth,
    bytesPerSecond: perSecond,
    iops: perSecond / blockSize,
    // A copy is no single I/O, so it has no latency of one.
    median: operation === 'copy' ? null : seconds * 0.94,
    p99: operation === 'copy' ? null : seconds * 2.6,
  }
}

/** Plausible figures of an NVMe disk and the harness in front of it. */
export const FIXTURE_CALIBRATION: Calibration = {
  at: '2026-01-31T20:14:10.000Z',
  extent: 'brief',
  seconds: 42,
  harness: {
    clock: 5.1e-8,
    phase: 3.6e-7,
    verb: 2.9e-6,
    call: 2.1e-7,
    tinybench: { task: 1.9e-7, byHand: 1.2e-9 },
  },
  device: {
    path: '/var/lib/bench/scratch/calibration.img',
    size: 8 * 1024 ** 3,
    limits: [
      limit('read', 'sequential', 8, 3350 * MIB),
      limit('write', 'sequential', 8, 1480 * MIB),
      limit('write+flush', 'sequential', 8, 1310 * MIB),
      limit('copy', 'sequential', 8, 1090 * MIB),
      limit('read', 'random', 1, 52 * MIB),
      limit('read', 'random', 32, 910 * MIB),
      limit('write', 'random', 1, 148 * MIB),
      limit('write+flush', 'random', 1, 41 * MIB),
    ],
  },
  noise: [
    {
      operation: '4 KiB written and flushed',
      kind: 'disk',
      seconds: 5,
      n: 4210,
      median: 1.13e-3,
      coefficientOfVariation: 0.064,
    },
    {
      operation: 'a million additions',
      kind: 'cpu',
      seconds: 5,
      n: 9870,
      median: 4.9e-4,
      coefficientOfVariation: 0.004,
    },
  ],
}
