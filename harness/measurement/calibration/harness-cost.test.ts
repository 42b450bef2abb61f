import { describe, expect, test } from 'vitest'
import { testHost } from '../../testing/scratch-file.ts'
import { harnessCost } from './harness-cost.ts'

/** Much longer than a phase that is empty, and longer than any foreign call. */
const SLOW_COUNTERS = 50e-6
const SLOW_CALL = 3e-6

function spin(seconds: number): void {
  const end = process.hrtime.bigint() + BigInt(Math.round(seconds * 1e9))
  while (process.hrtime.bigint() < end);
}

describe('what the harness costs', () => {
  test('is measured in earnest: no figure is missing or nothing', async () => {
    const { tinybench, ...rest } = await harnessCost({ syscalls: testHost().syscalls, readCounters: () => 0 })
    for (const value of [...Object.values(rest), ...Object.values(tinybench)]) {
      expect(value > 0 && Number.isFinite(value)).toBe(true)
    }
  })

  test('does not hold what is read before and after a phase', async () => {
    let reads = 0
    const readCounters = () => {
      reads += 1
      spin(SLOW_COUNTERS)
    }
    const { phase, verb } = await harnessCost({ syscalls: testHost().syscalls, readCounters })
    expect(reads).toBeGreaterThan(1000)
    expect(Math.max(phase, verb)).toBeLessThan(SLOW_COUNTERS)
  })

  test('of a foreign call is that of the call that was handed in', async () => {
    const getpid = () => {
      spin(SLOW_CALL)
      return 1
    }
    const slow = await harnessCost({ syscalls: { getpid }, readCounters: () => 0 })
    expect(slow.call).toBeGreaterThanOrEqual(SLOW_CALL)
    expect(slow.clock).toBeLessThan(slow.call)
  })
})
