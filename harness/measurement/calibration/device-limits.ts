/** Limits of the raw scratch device: bounds that no driver on it can beat. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { BenchError, ExitCode } from '../../contracts/error.ts'
import type { Host } from '../../contracts/host.ts'
import type { DeviceLimit } from '../../contracts/calibration.ts'
import type { FioResult } from '../../contracts/scenario.ts'
import { runFio } from '../fio.ts'
import {
  ASYNCHRONOUS,
  copyLog,
  engineJob,
  flushesEach,
  jobFor,
  preconditionJob,
  questions,
  type Area,
  type Engine,
  type Question,
} from './device-jobs.ts'

export interface DeviceLimitsInputs {
  host: Pick<Host, 'run'>
  /** Overwritten. */
  area: Area
  /** An empty folder for fio's job files. */
  directory: string
  /** For each figure. */
  seconds: number
  stopping(): boolean
  onStep(text: string): void
}

/** Returns null if it was stopped. Throws a BenchError when a job of fio fails. */
export async function deviceLimits(inputs: DeviceLimitsInputs): Promise<DeviceLimit[] | null> {
  const { host, area, directory, seconds } = inputs
  const engine = await findEngine(inputs)
  inputs.onStep('writing the device once')
  await runFio(host, [preconditionJob(engine, area)], null, directory)
  const log = join(directory, 'copy.log')
  writeFileSync(log, copyLog(area))
  const means = { engine, area, seconds, log }
  const limits: DeviceLimit[] = []
  for (const group of questions(engine)) {
    if (inputs.stopping()) return null
    inputs.onStep(`device, ${describe(group)}`)
    const jobs = group.map((question) => jobFor(question, means))
    const results = await runFio(host, jobs, null, directory)
    limits.push(...group.map((question, index) => limitFrom(question, results[index])))
  }
  return limits
}

/** Tried by reading: io_uring may be switched off by the kernel's administrator or a sandbox, libaio not be installed. */
async function findEngine({ host, area, directory }: DeviceLimitsInputs): Promise<Engine> {
  for (const engine of ASYNCHRONOUS) {
    try {
      await runFio(host, [engineJob(engine, area)], null, directory)
      return engine
    } catch (error) {
      // Whatever else may be wrong, fio missing for one, comes again with the first real job.
      if (!(error instanceof BenchError)) throw error
    }
  }
  return null
}

/** Returns the limit of a copy, counting the bytes written; the same number was read. */
function limitFrom(question: Question, result: FioResult | undefined): DeviceLimit {
  if (result === undefined || result.runtime === 0) {
    throw new BenchError(`fio measured nothing at the device (${describe([question])})`, {
      code: 'calibration.device',
      hint: 'bench doctor checks fio and the disk',
      exitCode: ExitCode.cellFailed,
    })
  }
  const latency = latencyOf(question, result)
  return {
    ...question,
    bytesPerSecond: result.bytes / result.runtime,
    iops: result.iops,
    median: latency?.['50'] ?? null,
    p99: latency?.['99'] ?? null,
  }
}

/**
 * Returns the latency of one I/O. If each write is flushed it is that of the flush: fio reports the two separately, and
 * the percentile of a sum is not the sum of percentiles. Undefined for a copy, which is not a single I/O, and for one
 * flush after all writes, since the latency of the writes alone would be too low.
 */
function latencyOf(question: Question, result: FioResult): FioResult['clat'] | undefined {
  if (flushesEach(question)) return result.sync
  const single = question.operation === 'read' || question.operation === 'write'
  return single ? result.clat : undefined
}

function describe(group: readonly Question[]): string {
  const [first] = group
  return `${first?.pattern} ${first?.operation}`
}
