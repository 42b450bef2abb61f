import { createHash } from 'node:crypto'
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs'
import path from 'node:path'
import { ok, warning, type Check } from './check.ts'

/** About 1 ms of work each, so that the scheduler's own millisecond shows. */
const CPU_REPEATS = 200
const CPU_BYTES = 1024 ** 2
/** Some 60 µs to 10 ms each, by the disk. */
const DISK_REPEATS = 60
const DISK_BYTES = 64 * 1024

/** A processor that is left alone stays under a few percent; a disk's flushes scatter by nature. */
const CPU_LIMIT = 0.1
const DISK_LIMIT = 0.5

/** Standard deviation ÷ mean, the sample's own (n − 1). Needs two values or more. */
export function coefficientOfVariation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)
  return Math.sqrt(variance) / mean
}

/** Returns how much the same work differs in time: on the processor, and on the disk under `folder`. */
export function checkNoise(folder: string): Check[] {
  return [
    judge({ id: 'noise.cpu', title: 'noise of the CPU' }, cpuTimes(), CPU_LIMIT, 'hashes of 1 MiB'),
    judge(
      { id: 'noise.disk', title: 'noise of the disk' },
      diskTimes(folder),
      DISK_LIMIT,
      'fsyncs of 64 KiB',
    ),
  ]
}

function judge(
  subject: { id: string; title: string },
  times: readonly number[],
  limit: number,
  what: string,
): Check {
  const variation = coefficientOfVariation(times)
  const percent = (value: number) => `${(value * 100).toFixed(1)} %`
  const found = `coefficient of variation ${percent(variation)} over ${times.length} ${what}`
  if (variation <= limit) return ok(subject, found)
  const mend = `over ${percent(limit)}: end what else runs here, or take more rounds (--rounds, --profile thorough)`
  return warning(subject, found, mend)
}

function cpuTimes(): number[] {
  const data = Buffer.alloc(CPU_BYTES, 0x5a)
  const hash = () => createHash('sha256').update(data).digest()
  for (let warmUp = 0; warmUp < 20; warmUp += 1) hash()
  return Array.from({ length: CPU_REPEATS }, () => timed(hash))
}

function diskTimes(folder: string): number[] {
  const data = Buffer.alloc(DISK_BYTES, 0x5a)
  const fd = openSync(path.join(folder, 'noise'), 'w')
  const write = () => {
    writeSync(fd, data, 0, data.length, 0)
    fsyncSync(fd)
  }
  try {
    // The first ones allocate.
    for (let warmUp = 0; warmUp < 5; warmUp += 1) write()
    return Array.from({ length: DISK_REPEATS }, () => timed(write))
  } finally {
    closeSync(fd)
  }
}

/** Seconds. */
function timed(work: () => unknown): number {
  const start = process.hrtime.bigint()
  work()
  return Number(process.hrtime.bigint() - start) / 1e9
}
