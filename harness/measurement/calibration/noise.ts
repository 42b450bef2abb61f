/** How much the same work differs in time on this host: a small durable write and a loop of arithmetic, in turn. */
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import type { Calibration } from '../../contracts/calibration.ts'
import { mean, standardDeviation } from '../../statistics/moments.ts'
import { median } from '../../statistics/quantile.ts'
import { timed } from '../clock.ts'

const BLOCK = 4096
/** A millisecond or two: longer than what every phase costs, shorter than a slice of the scheduler. */
const STEPS = 1_000_000
/** The first ones allocate, and find code and caches cold. */
const WARM_UP = 10

type Noise = Calibration['noise'][number]

export interface NoiseInputs {
  /** A device or a file; its first 4 KiB are overwritten. */
  path: string
  /** For disk and CPU together. */
  seconds: number
  stopping(): boolean
}

/** Measures for the given time, and at least twice each. Returns null when it was asked to stop. */
export async function measureNoise({ path, seconds, stopping }: NoiseInputs): Promise<Noise[] | null> {
  const fd = openSync(path, 'r+')
  try {
    const data = Buffer.alloc(BLOCK, 0x5a)
    const write = () => {
      writeSync(fd, data, 0, BLOCK, 0)
      fdatasyncSync(fd)
    }
    for (let index = 0; index < WARM_UP; index += 1) {
      write()
      arithmetic()
    }
    const disk: number[] = []
    const cpu: number[] = []
    const end = process.hrtime.bigint() + BigInt(Math.round(seconds * 1e9))
    while (process.hrtime.bigint() < end || disk.length < 2) {
      disk.push(timed(write).seconds)
      cpu.push(timed(arithmetic).seconds)
      // A request to stop arrives only between turns of the event loop.
      await setImmediate()
      if (stopping()) return null
    }
    return [
      summary('4 KiB written and flushed', 'disk', seconds, disk),
      summary(`${STEPS.toLocaleString('en-US')} steps of arithmetic`, 'cpu', seconds, cpu),
    ]
  } finally {
    closeSync(fd)
  }
}

/** Marsaglia's xorshift: each step needs the one before, so the CPU can neither skip nor overlap any. */
function arithmetic(): number {
  let state = 1
  for (let step = 0; step < STEPS; step += 1) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
  }
  return state
}

function summary(operation: string, kind: Noise['kind'], seconds: number, times: readonly number[]): Noise {
  const values = [...times]
  return {
    operation,
    kind,
    seconds,
    n: values.length,
    median: median(values) ?? Number.NaN,
    coefficientOfVariation: standardDeviation(values) / mean(values),
  }
}
