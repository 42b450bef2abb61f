/** Cost of the harness itself: the clock, an empty phase, a foreign call, tinybench. Seconds, medians. */
import { Bench } from 'tinybench'
import { BenchError } from '../../contracts/error.ts'
import type { Calibration } from '../../contracts/calibration.ts'
import type { Syscalls } from '../../contracts/syscalls.ts'
import { median } from '../../statistics/quantile.ts'
import { timed, timedAsync } from '../clock.ts'

const NANOSECONDS = 1e9
const MILLISECOND = 1e-3

/**
 * About as many as a short run has. With many more the engine would have optimised the code for this very loop, which
 * a run's phases, some at a time between much else, do not see.
 */
const PHASES = 500
/** Shorter than a reading of the clock, so timed by the batch. */
const BATCHES = 200
const IN_A_BATCH = 500
/** Calls of the empty function, after the same number to warm up. */
const TASKS = 5000

export interface HarnessCostInputs {
  syscalls: Pick<Syscalls, 'getpid'>
  /** Counters that a trial reads around each phase: reading them evicts from the CPU caches what the phase then needs. */
  readCounters(): unknown
}

export async function harnessCost(inputs: HarnessCostInputs): Promise<Calibration['harness']> {
  // The phases first: what follows would warm their code up.
  const phase = emptyPhase(inputs.readCounters)
  const verb = await emptyVerb(inputs.readCounters)
  return {
    clock: inBatches(() => process.hrtime.bigint()),
    phase,
    verb,
    call: inBatches(() => inputs.syscalls.getpid()),
    tinybench: { task: emptyTask(), byHand: emptyTaskByHand() },
  }
}

function emptyPhase(readCounters: () => unknown): number {
  const seconds: number[] = []
  for (let index = 0; index < PHASES; index += 1) {
    readCounters()
    seconds.push(timed(() => undefined).seconds)
    readCounters()
  }
  return median(seconds) ?? Number.NaN
}

async function emptyVerb(readCounters: () => unknown): Promise<number> {
  const seconds: number[] = []
  for (let index = 0; index < PHASES; index += 1) {
    readCounters()
    seconds.push((await timedAsync(() => Promise.resolve())).seconds)
    readCounters()
  }
  return median(seconds) ?? Number.NaN
}

/** Returns seconds of one call. They include the loop around it: some nanoseconds. */
function inBatches(work: () => unknown): number {
  const batch = () => {
    for (let index = 0; index < IN_A_BATCH; index += 1) work()
  }
  return median(Array.from({ length: BATCHES }, () => timed(batch).seconds / IN_A_BATCH)) ?? Number.NaN
}

/**
 * `async: false`, or tinybench would call the function once more to learn whether it returns a promise; `throws`, or it
 * would swallow an error. The clock is the one of the loop by hand.
 */
function emptyTask(): number {
  const bench = new Bench({
    time: 0,
    iterations: TASKS,
    warmupTime: 0,
    warmupIterations: TASKS,
    timestampProvider: 'hrtimeNow',
    throws: true,
  })
  bench.add('empty', () => undefined, { async: false })
  const [task] = bench.runSync()
  if (task?.result.state !== 'completed')
    throw new BenchError('tinybench did not measure the empty function', { code: 'calibration.tinybench' })
  return task.result.latency.p50 * MILLISECOND
}

/** Does by hand what tinybench does for each sample: the clock, the function, the clock. */
function emptyTaskByHand(): number {
  const empty = () => undefined
  const seconds: number[] = []
  for (let index = 0; index < 2 * TASKS; index += 1) {
    const started = process.hrtime.bigint()
    empty()
    const ended = process.hrtime.bigint()
    if (index >= TASKS) seconds.push(Number(ended - started) / NANOSECONDS)
  }
  return median(seconds) ?? Number.NaN
}
