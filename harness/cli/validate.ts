/** `bench validate`: does the harness see a difference that is there, and none that is not? */
import { ExitCode } from '../contracts/error.ts'
import { durationOf } from '../plan/request.ts'
import { DEFAULT_BUDGET, validationRequest, type ValidationPlace } from '../validation/requests.ts'
import type { Context } from './context.ts'
import { run, type RunFlags } from './run.ts'

export interface ValidateFlags extends Partial<RunFlags>, ValidationPlace {
  quick?: true
  budget?: string
}

/** What is measured, in this order: each is a run like any other, with its report. */
const RUNS = [
  { part: 'alike', load: 'none' },
  { part: 'delays', load: 'none' },
  { part: 'alike', load: 'disk' },
  { part: 'delays', load: 'disk' },
] as const

/** Four runs; the gravest of their exit codes is the answer. */
export async function validate(flags: ValidateFlags, context: Context): Promise<number> {
  const { quick = false, budget = DEFAULT_BUDGET[quick ? 'quick' : 'full'], json, quiet, ...place } = flags
  const seconds = Math.floor(durationOf('--budget', budget) / RUNS.length)
  const shown = { json: json ?? false, quiet: quiet ?? false }
  let worst: number = ExitCode.done
  for (const one of RUNS) {
    const code = await run(validationRequest({ ...one, quick, seconds, place }), shown, context)
    if (code > SIGNALLED) return code
    worst = Math.max(worst, code)
  }
  return worst
}

/** Exit codes above are 128 plus the number of the signal that stopped it. */
const SIGNALLED = 128
