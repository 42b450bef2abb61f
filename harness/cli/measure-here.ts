/** Plan → run folder → measuring process → run.json → report, on this machine. */
import { constants } from 'node:os'
import { setImmediate } from 'node:timers/promises'
import { exitCodeForSignal } from '../contracts/error.ts'
import type { DeviceIdentity } from '../contracts/device.ts'
import type { Host } from '../contracts/host.ts'
import type { Standing } from '../contracts/report.ts'
import type { Plan } from '../contracts/plan.ts'
import type { Run } from '../contracts/run.ts'
import { fingerprint } from '../host/fingerprint.ts'
import { unrecordedHost } from '../host/index.ts'
import { deleteJournal } from '../journal/clean-up.ts'
import { openJournal, type OpenJournal } from '../journal/journal.ts'
import { runtimeDirectory } from '../journal/runtime-directory.ts'
import { journalDirectory } from '../linux/xdg.ts'
import { createRunFolder, samplesOf } from '../results/run-folder.ts'
import { requireFlushDelay } from '../runner/flush-delay.ts'
import type { Job } from '../runner/messages.ts'
import { placesOf, startRun } from '../runner/run.ts'
import { checkScratch } from '../runner/scratch.ts'
import { watch } from '../runner/watch.ts'
import { startLoad } from '../selftest/validation/load.ts'
import type { Context, RunFlags } from './context.ts'
import { requireRoot } from './namespace.ts'
import { holdSignals } from './on-signal.ts'
import { printResult, type RunEnd } from './print-result.ts'
import { createProgress } from './progress.ts'

export interface RunPlace {
  /** Parent of the run folder. */
  output: string
  /** The command line that repeats the run. */
  command: string
}

/** Measures a plan and reports it. Throws where the plan cannot be measured here, or nothing was. */
export async function measureHere(
  plan: Plan,
  { output, command }: RunPlace,
  flags: RunFlags,
  context: Context,
): Promise<RunEnd> {
  requireRoot('bench run')
  const registry = await context.registry()
  const { scratch } = plan.options
  const host = unrecordedHost()
  const device = await checkScratch(host, scratch, plan.destroy)
  await requireFlushDelay(host, plan.options)
  const metas = registry.drivers.map(({ meta }) => meta)
  const run = startRun(plan, registry, await fingerprint(host, scratch.path, metas), command)
  // The journal before the folder: with it, a program that finds the folder can tell that the run is going on.
  const begin = () => {
    const journal = openJournal(journalDirectory(), run.id, placesOf(scratch))
    return { journal, runFolder: makeFolder(output, run, journal) }
  }
  return measureRun({ plan, device, run, begin, resumed: null, host }, flags, context)
}

export interface MeasuredRun {
  plan: Plan
  /** The device that was checked; null: loop files. */
  device: DeviceIdentity | null
  run: Run
  host: Host
  /** Opens the journal, and makes or finds the run folder. */
  begin(): { journal: OpenJournal; runFolder: string }
  resumed: Job['resumed']
}

/** Measures a run whose record is made, and reports it. Throws as {@link measureHere} does. */
export async function measureRun(
  { plan, device, run, host, begin, resumed }: MeasuredRun,
  flags: RunFlags,
  context: Context,
): Promise<RunEnd> {
  const { scratch, load } = plan.options
  // Until the end, when the report is written and nothing is left of the scratch.
  using signals = holdSignals()
  await using _ = load === 'disk' ? await startLoad(scratch.path) : null
  const { journal, runFolder } = begin()
  const progress = await createProgress(context, flags.quiet, () => readStanding(run, runFolder, context))
  const directory = runtimeDirectory(run.id)
  const result = await watch({
    program: context.program,
    job: { plan, device, runId: run.id, runFolder, directory, journalDirectory: journalDirectory(), resumed },
    run,
    journal,
    host,
    onMessage: (message) => progress.show(message),
    onSignal: signals.onSignal,
  })
  progress.finish()
  journal.close()
  const end = await printResult(runFolder, result, flags, context)
  // A signal that came while the report was drawn is delivered with the next turn of the event loop.
  await setImmediate()
  return signals.first === null
    ? end
    : { ...end, exitCode: exitCodeForSignal(constants.signals[signals.first]) }
}

/** Reads the samples so far. What cannot be told now is no reason to end a run; its report says why. */
async function readStanding(run: Run, folder: string, context: Context): Promise<Standing | null> {
  try {
    // Warnings of lines that are left out belong to the report.
    const report = await context.summarize(run, samplesOf(folder, { ...run, warnings: [] }))
    return report.standing()
  } catch {
    return null
  }
}

function makeFolder(output: string, run: Run, journal: OpenJournal): string {
  try {
    return createRunFolder(output, run)
  } catch (error) {
    journal.close()
    deleteJournal(journal.path)
    throw error
  }
}
