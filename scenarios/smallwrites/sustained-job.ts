/** fio's job for a sustained load, and the rates that it tells. */
import type { FioJob, FioResult, Trial } from '../../harness/contracts/scenario.ts'
import { sum } from '../../harness/statistics/moments.ts'
import { contradiction } from '../common/witness.ts'
import { BLOCK } from '../dataset/content.ts'
import { overwriteOptions } from './overwrite-job.ts'
import type { SmallwritesParams } from './params.ts'
import { WINDOW } from './steady-state.ts'

/** Seconds that fio keeps after the run-in; the second in which the run-in ends is not a whole one. */
const SPARE_SECONDS = 2

/**
 * One job without a pause: it runs in for as long as it is measured (a choice), and fio's percentiles begin after that.
 * `steadystate` makes fio keep the rate of each second; with a limit of 0 it never ends the job, which therefore takes
 * the same time whatever the driver. fio's own verdict would be by one criterion only.
 */
export function sustainedJob(trial: Pick<Trial<SmallwritesParams>, 'params' | 'seed'>): FioJob {
  const measured = WINDOW * trial.params.interval
  return {
    name: 'sustained',
    options: {
      ...overwriteOptions(trial),
      fsync: '1',
      time_based: '1',
      ramp_time: `${measured}s`,
      runtime: `${measured + SPARE_SECONDS}s`,
      steadystate: 'iops:0%',
      steadystate_duration: `${measured}s`,
    },
  }
}

/** Returns the mean rate of each interval of the window. */
export function ratesOf(result: FioResult | undefined, interval: number): number[] {
  const perSecond = result?.perSecond ?? []
  if (perSecond.length !== WINDOW * interval) {
    throw contradiction(
      'content',
      `fio reported ${perSecond.length} rates, not one for each second of the window`,
    )
  }
  const written = sum(perSecond) * BLOCK
  if (result === undefined || written === 0 || written > result.bytes) {
    throw contradiction('content', `fio's rates add up to ${written} bytes; it wrote ${result?.bytes ?? 0}`)
  }
  return Array.from({ length: WINDOW }, (_, index) => {
    return sum(perSecond.slice(index * interval, (index + 1) * interval)) / interval
  })
}
