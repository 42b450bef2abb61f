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

/** Two runs, on the host as it is and on one whose disk is disturbed. The graver exit code is the answer. */
export async function validate(flags: ValidateFlags, context: Context): Promise<number> {
  const { quick = false, budget = DEFAULT_BUDGET[quick ? 'quick' : 'full'], json, quiet, ...place } = flags
  const seconds = Math.floor(durationOf('--budget', budget) / 2)
  let worst: number = ExitCode.done
  for (const load of ['none', 'disk'] as const) {
    const request = validationRequest({ quick, load, seconds, place })
    const code = await run(request, { json: json ?? false, quiet: quiet ?? false }, context)
    if (code !== ExitCode.done) worst = code
    if (code > SIGNALLED) return code
  }
  return worst
}

/** Exit codes above are 128 plus the number of the signal that stopped it. */
const SIGNALLED = 128
