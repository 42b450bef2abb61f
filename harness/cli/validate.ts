/** `bench validate`: does the harness see a difference that is there, and none that is not? */
import { ExitCode } from '../contracts/error.ts'
import { unrecordedHost } from '../host/index.ts'
import { makePlan } from '../plan/plan.ts'
import { durationOf, outputDirectory } from '../plan/request.ts'
import { readRun } from '../results/run-folder.ts'
import { whyNoFlushDelay } from '../runner/flush-delay.ts'
import { chooseDelays, pilotOf } from '../selftest/validation/flush-delays.ts'
import {
  AIMED_SHARES,
  DEFAULT_BUDGET,
  validated,
  validationRequest,
  type Part,
  type ValidationPlace,
} from '../selftest/validation/requests.ts'
import type { Context, RunFlags } from './context.ts'
import { requireRoot } from './namespace.ts'
import { measureHere } from './measure-here.ts'
import type { RunEnd } from './print-result.ts'
import { worstExitCode } from './host/worst-exit-code.ts'

export interface ValidateFlags extends Partial<RunFlags>, ValidationPlace {
  quick?: true
  budget?: string
}

/** Runs of a validation, in this order: each is an ordinary run with a report. */
const RUNS = [
  { what: 'alike', load: 'none' },
  { what: 'delays', load: 'none' },
  { what: 'alike', load: 'disk' },
  { what: 'delays', load: 'disk' },
] as const

/** Makes a pilot and six runs if the kernel has dm-delay, otherwise four runs. Returns the worst of their exit codes. */
export async function validate(flags: ValidateFlags, context: Context): Promise<number> {
  const { quick = false, budget = DEFAULT_BUDGET[quick ? 'quick' : 'full'], json, quiet, ...place } = flags
  const end = performance.now() / 1000 + durationOf('--budget', budget)
  const shown = { json: json ?? false, quiet: quiet ?? false }
  const command = ['bench', ...process.argv.slice(2)].join(' ')
  const registry = await context.registry()
  const configurations = validated(registry.drivers.map(({ meta }) => meta))
  const measure = (part: Part, load: 'none' | 'disk', seconds: number, flushDelays: readonly number[] = []) =>
    measureHere(
      makePlan(
        validationRequest({ configurations, part, load, quick, seconds, flushDelays, place }),
        registry,
      ),
      { output: outputDirectory(place), command },
      shown,
      context,
    )

  requireRoot('bench validate')
  const pilot = (await canDelayFlushes()) ? await measure('pilot', 'none', 0) : null
  if (pilot !== null && pilot.exitCode > SIGNALLED) return pilot.exitCode
  const flushDelays = pilot === null ? null : delaysOf(pilot)
  const seconds = Math.max(1, Math.floor((end - performance.now() / 1000) / RUNS.length))
  const ends: Pick<RunEnd, 'exitCode' | 'trials'>[] = pilot === null ? [] : [{ ...pilot, trials: null }]
  for (const { what, load } of RUNS) {
    const parts: readonly Part[] =
      what === 'delays' && flushDelays !== null ? ['flush-delays', 'phase-delays'] : [what]
    for (const part of parts) {
      const ended = await measure(part, load, Math.ceil(seconds / parts.length), flushDelays ?? [])
      if (ended.exitCode > SIGNALLED) return ended.exitCode
      ends.push(ended)
    }
  }
  return answerOf(ends, context)
}

/** Returns the worst of the runs' exit codes. Without a single trial the validation is undecided. */
export function answerOf(
  ends: readonly Pick<RunEnd, 'exitCode' | 'trials'>[],
  { stderr }: Pick<Context, 'stderr'>,
): number {
  const worst = worstExitCode(ends)
  if (worst !== ExitCode.done || ends.some(({ trials }) => trials !== null && trials > 0)) return worst
  stderr.write('bench: undecided: no run has rounds enough for a trial: give a larger --budget\n')
  return ExitCode.gateUndecided
}

/** Exit codes above are 128 plus the number of the signal that stopped it. */
const SIGNALLED = 128

async function canDelayFlushes(): Promise<boolean> {
  const host = unrecordedHost()
  return (await whyNoFlushDelay(host)) === null
}

/** Milliseconds for each flush, from what the pilot found; null where it found nothing to delay. */
function delaysOf({ folder }: RunEnd): number[] | null {
  const { run, samples } = readRun(folder)
  const pilot = pilotOf(run, samples)
  return pilot === null ? null : chooseDelays(pilot, AIMED_SHARES)
}
