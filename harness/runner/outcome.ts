/** How cells end that an error hit. */
import type { Outcome } from '../contracts/cell.ts'
import { ExitCode } from '../contracts/error.ts'
import { BUG, toData } from '../contracts/error-data.ts'

type Unmeasured = Extract<Outcome, { reason: string }>

/** Returns what an error means for the cells that it hit. `unknown`: code and hint of what is no `BenchError`. */
function outcomeOf(error: unknown, unknown: { code: string; hint: string }): Unmeasured {
  const { code, message, hint, exitCode } = toData(error)
  return {
    state: exitCode === ExitCode.nothingRuns ? 'unsupported' : 'failed',
    code: code === BUG ? unknown.code : code,
    reason: message,
    hint: hint ?? unknown.hint,
  }
}

/** Returns how a configuration or an image fails. */
export function storeOutcome(error: unknown): Outcome {
  return outcomeOf(error, { code: 'store.failed', hint: '' })
}

/** Returns how the cell of a failed sample ends. It is unsupported where the driver has not what the work needs. */
export function trialOutcome(error: unknown, round: number): Unmeasured {
  return outcomeOf(error, { code: 'trial.failed', hint: `see round ${round} in samples.ndjson` })
}
