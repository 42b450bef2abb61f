/** Record of a trial's measurements so far, to which a scenario adds. */
import type { IoCounters, Resources } from '../contracts/sample.ts'
import type { TrialRecord } from '../contracts/scenario.ts'
import type { Warning } from '../contracts/warning.ts'
import { median } from '../statistics/quantile.ts'
import type { Phases } from './phases.ts'

/** The parts of a sample that grow while the trial goes on. */
export interface Measured {
  readonly phases: Record<string, number>
  readonly io: Record<string, IoCounters>
  readonly resources: Record<string, Resources>
  readonly series: Record<string, number[]>
  readonly warnings: Warning[]
}

export interface Recorder {
  readonly measured: Measured
  readonly record: TrialRecord
}

export function createRecorder(phases: Phases): Recorder {
  const measured: Measured = {
    phases: phases.values,
    io: phases.io,
    resources: phases.resources,
    series: {},
    warnings: [],
  }
  return {
    measured,
    record: {
      value(phase, value) {
        measured.phases[phase] = value
      },
      seconds(phase, seconds) {
        measured.phases[phase] = seconds + phases.delay(seconds)
      },
      series(phase, values) {
        const middle = median(values)
        if (middle !== null) measured.phases[phase] = middle
        measured.series[phase] = [...values]
      },
      warning(code, message) {
        measured.warnings.push({ code, message })
      },
    },
  }
}
