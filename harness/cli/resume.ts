/** `bench run --resume RUN`: goes on where a killed or stopped run ended. */
import { resolve } from 'node:path'
import { BenchError, ExitCode, usageError } from '../contracts/error.ts'
import { factsOf } from '../contracts/fingerprint-facts.ts'
import type { Fingerprint } from '../contracts/fingerprint.ts'
import type { Plan } from '../contracts/plan.ts'
import type { Run } from '../contracts/run.ts'
import { fingerprint } from '../host/fingerprint.ts'
import { unrecordedHost } from '../host/index.ts'
import { openJournal } from '../journal/journal.ts'
import { journalDirectory } from '../linux/xdg.ts'
import { estimate } from '../plan/estimate.ts'
import { resolveCells } from '../plan/resolve-cells.ts'
import { cutTornEnd, readRun, writeRun, type StoredRun } from '../results/run-folder.ts'
import { requireFlushDelay } from '../runner/flush-delay.ts'
import { type Resumed, resumeRun } from '../runner/resume.ts'
import { placesOf } from '../runner/run.ts'
import { checkScratch } from '../runner/scratch.ts'
import { cleanAndBegin } from './clean.ts'
import type { Context, RunFlags } from './context.ts'
import { measureRun } from './measure-here.ts'
import { requireRoot } from './namespace.ts'
import { registryOfPlan } from './own-image.ts'

export interface ResumeFlags extends RunFlags {
  /** As in a request. */
  destroy?: string
}

/**
 * Measures what an interrupted run has not measured: the same plan, seed and order. What it left is removed first; its stores and
 * images are made again. Throws a usage error where the run came to its end, goes on, or was measured on another host.
 */
export async function resumeCommand(folder: string, flags: ResumeFlags, context: Context): Promise<number> {
  requireRoot('bench run')
  const runFolder = resolve(folder)
  const stored = requireUnfinished(readRun(runFolder), folder)
  const { scratch } = stored.options
  const host = unrecordedHost()
  const plan = await planOf(stored, flags.destroy ?? null, context)
  const metas = (await context.registry()).drivers.map(({ meta }) => meta)
  requireSameHost(stored, await fingerprint(host, scratch.path, metas))
  await requireFlushDelay(host, stored.options)
  const begun = await cleanAndBegin(stored.id, context.stderr, async () => {
    const device = await checkScratch(host, scratch, plan.destroy)
    const journal = openJournal(journalDirectory(), stored.id, placesOf(scratch))
    return { device, journal, ...goOn(stored, runFolder) }
  })
  const { device, journal, run, spentSeconds } = begun
  const { exitCode } = await measureRun(
    {
      plan: withoutCalibration(plan, run),
      device,
      run,
      host,
      begin: () => ({ journal, runFolder }),
      resumed: { spentSeconds },
    },
    flags,
    context,
  )
  return exitCode
}

/** Throws a usage error for options that would change the plan of the run. */
export function refuseOptions(names: readonly string[]): void {
  const [first] = names
  if (first === undefined) return
  throw usageError(
    'resume',
    `--resume measures the plan of the run, and takes no --${first}`,
    'leave it out, or begin a run of its own',
  )
}

function requireUnfinished({ run, isOlder }: StoredRun, folder: string): Run {
  if (isOlder)
    throw usageError(
      'resume',
      `the run in ${folder} is of an older version of bench, whose samples are not of one run with those of this one`,
      'measure again with bench run',
    )
  if (run.state !== 'completed') return run
  throw usageError(
    'resume',
    `the run in ${folder} came to its end: there is nothing to resume`,
    'bench report draws it; measure again with bench run',
  )
}

/** Returns the plan of a run: its options and cells are in run.json, and what it needs follows from them. */
async function planOf(run: Run, destroy: string | null, context: Context): Promise<Plan> {
  using registry = await registryOfPlan(run.options.image, unrecordedHost(), context)
  const { options, cells } = run
  return { options, cells, estimate: estimate(resolveCells({ options, cells }, registry)), destroy }
}

/** Throws a usage error that names what differs: samples of two hosts are not of one run. */
function requireSameHost(run: Run, host: Fingerprint): void {
  const differing = factsOf([run.host, host])
    .filter(({ part, of }) => part !== null && of(run.host) !== of(host))
    .map(({ name, of }) => `${name} was ${of(run.host) ?? 'not known'} and is ${of(host) ?? 'not known'}`)
  if (differing.length === 0) return
  const shown = differing.slice(0, 5)
  const more = differing.length - shown.length
  throw new BenchError(
    `the host is not what it was: ${[...shown, ...(more === 0 ? [] : [`${more} more`])].join('; ')}`,
    {
      code: 'usage.resume-host',
      hint: 'measure again with bench run: samples from before and after would not be of one run',
      exitCode: ExitCode.usage,
    },
  )
}

/** Writes the record of the run that goes on. What was being written when it was killed is cut off. */
function goOn(stored: Run, runFolder: string): Resumed {
  cutTornEnd(runFolder)
  const { run, samples } = readRun(runFolder)
  const resumed = resumeRun({ ...stored, warnings: run.warnings }, samples)
  writeRun(runFolder, resumed.run)
  return resumed
}

/** A calibration that is there is not made again. */
function withoutCalibration(plan: Plan, run: Run): Plan {
  if (run.calibration === null) return plan
  return { ...plan, options: { ...plan.options, calibration: 'none' } }
}
