/** `bench run`: plan → run folder → measuring process → run.json → report. */
import { rmSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { setImmediate } from 'node:timers/promises'
import type { Cell } from '../contracts/cell.ts'
import type { Driver } from '../contracts/driver.ts'
import { BenchError, ExitCode, exitCodeForSignal } from '../contracts/error.ts'
import { fromData, toData, type ErrorData } from '../contracts/error-data.ts'
import type { RunOptions } from '../contracts/options.ts'
import type { Plan, Registry } from '../contracts/plan.ts'
import type { Report } from '../contracts/report.ts'
import { RUN_SCHEMA_VERSION, type Run } from '../contracts/run.ts'
import { fingerprint } from '../host/fingerprint.ts'
import { unrecordedHost } from '../host/index.ts'
import { deleteJournal } from '../journal/clean-up.ts'
import { openJournal, type OpenJournal } from '../journal/journal.ts'
import { RUNTIME_DIRECTORY, runtimeDirectory } from '../journal/runtime-directory.ts'
import { journalDirectory } from '../linux/xdg.ts'
import { makePlan } from '../plan/plan.ts'
import { outputDirectory, type Request } from '../plan/request.ts'
import { createRunFolder, makeRunId, samplesOf, writeRun } from '../results/run-folder.ts'
import { requireFlushDelay } from '../runner/flush-delay.ts'
import { checkScratch } from '../runner/scratch.ts'
import { watch, type WatchResult } from '../runner/watch.ts'
import { startLoad } from '../selftest/validation/load.ts'
import type { Context } from './context.ts'
import { requireRoot } from './namespace.ts'
import { holdSignals } from './on-signal.ts'
import { createProgress } from './progress.ts'
import { printReport, writeReport } from './report.ts'

export interface RunFlags {
  json: boolean
  quiet: boolean
}

/** How a run ended. */
export interface RunEnd {
  exitCode: number
  folder: string
  /** What ended it other than its own end; what was measured until then is kept. */
  error: { message: string; hint: string | null } | null
}

export async function run(request: Request, flags: RunFlags, context: Context): Promise<number> {
  const plan = makePlan(request, await context.registry())
  const command = ['bench', ...process.argv.slice(2)].join(' ')
  return (await measureHere(plan, { output: outputDirectory(request), command }, flags, context)).exitCode
}

export interface RunPlace {
  /** Where the run folder is made. */
  output: string
  /** The command line that repeats the run. */
  command: string
}

/** Measures a plan on this machine. */
export async function measureHere(
  plan: Plan,
  { output, command }: RunPlace,
  flags: RunFlags,
  context: Context,
): Promise<RunEnd> {
  const registry = await context.registry()
  requireRoot('bench run')
  const host = unrecordedHost()
  const device = await checkScratch(host, plan.options.scratch, plan.destroy)
  await requireFlushDelay(host, plan.options)
  const metas = registry.drivers.map(({ meta }) => meta)
  const begun = beginRun(plan, registry, await fingerprint(host, plan.options.scratch.path, metas), command)
  // Until the end, when the report is written and nothing is left of the scratch.
  using signals = holdSignals()
  // The journal first: whoever meets the folder can tell by it that the run is going on.
  const journal = openJournal(journalDirectory(), begun.id, placesOf(plan.options.scratch))
  const folder = makeFolder(output, begun, journal)
  const progress = await createProgress(context, flags.quiet)
  await using _ = plan.options.load === 'disk' ? startLoad(plan.options.scratch.path) : null
  const result = await watch({
    program: context.program,
    job: {
      plan,
      device,
      runId: begun.id,
      runFolder: folder,
      directory: runtimeDirectory(begun.id),
      journalDirectory: journalDirectory(),
    },
    run: begun,
    journal,
    host,
    onMessage: (message) => progress.show(message),
    onSignal: signals.onSignal,
  })
  progress.finish()
  journal.close()
  const end = await conclude(folder, result, flags, context)
  // A signal that came while the report was drawn is delivered with the next turn of the event loop.
  await setImmediate()
  return signals.first === null
    ? end
    : { ...end, exitCode: exitCodeForSignal(constants.signals[signals.first]) }
}

/** Everything that a run makes outside of its own namespaces lies there. */
export function placesOf(scratch: Pick<RunOptions['scratch'], 'path'>): string[] {
  return [scratch.path, RUNTIME_DIRECTORY, tmpdir()]
}

function makeFolder(output: string, begun: Run, journal: OpenJournal): string {
  try {
    const folder = createRunFolder(output, begun.id)
    writeRun(folder, begun)
    return folder
  } catch (error) {
    journal.close()
    deleteJournal(journal.path)
    throw error
  }
}

function beginRun(plan: Plan, registry: Registry, host: Run['host'], command: string): Run {
  const now = new Date()
  const { cells } = plan
  const configurations = new Map(cells.map((cell) => [cell.configuration, metaOf(cell, registry)]))
  return {
    schema: RUN_SCHEMA_VERSION,
    id: makeRunId(now, Math.random),
    state: 'running',
    startedAt: now.toISOString(),
    endedAt: null,
    command,
    options: plan.options,
    host,
    drivers: [...configurations].map(([configuration, meta]) => ({
      configuration,
      id: meta.id,
      title: meta.title,
      summary: meta.summary,
      cowUnit: meta.cowUnit,
      emulated: meta.emulated,
      role: meta.role,
    })),
    scenarios: registry.scenarios
      .filter(({ meta }) => plan.options.scenarios.includes(meta.id))
      .map(({ meta: { id, title, question, phases } }) => ({ id, title, question, phases: [...phases] })),
    images: {},
    cells,
    outcomes: Object.fromEntries(cells.map((cell) => [cell.id, { state: 'pending' as const }])),
    calibration: null,
    stopped: null,
    warnings: [],
  }
}

function metaOf({ driver }: Cell, { drivers }: Registry): Driver['meta'] {
  const found = drivers.find(({ meta }) => meta.id === driver)
  if (found === undefined) throw new BenchError(`there is no driver ${driver}`, { code: 'plan.driver' })
  return found.meta
}

async function conclude(
  folder: string,
  result: WatchResult,
  flags: RunFlags,
  context: Context,
): Promise<RunEnd> {
  const drawn = await summarize(folder, result, context)
  if (result.error !== null && drawn.samples === 0) {
    // Nothing was measured: what is left is an error to mend, not a run.
    attempt(() => rmSync(folder, { recursive: true, force: true }))
    throw fromData(result.error)
  }
  const path = attempt(() => writeReport(folder, drawn))
  if (flags.json) context.stdout.write(`${JSON.stringify({ run: folder, rows: drawn.rows })}\n`)
  else printReport(drawn, path.value, context)
  for (const { entry, error } of result.notCleaned) {
    context.stderr.write(`bench: could not be removed: ${entry.kind}: ${error} (bench clean tries again)\n`)
  }
  const error = result.error ?? path.error
  if (error !== null) context.stderr.write(`bench: ${error.message}\n`)
  return { exitCode: exitCodeOf({ ...result, error }), folder, error }
}

/** Draws what was measured; where that cannot be read, what ended the run is the better reason. */
async function summarize(folder: string, result: WatchResult, context: Context): Promise<Report> {
  try {
    return await context.summarize(result.run, samplesOf(folder, result.run))
  } catch (error) {
    throw result.error === null ? error : fromData(result.error)
  }
}

function attempt<T>(work: () => T): { value: T; error: null } | { value: null; error: ErrorData } {
  try {
    return { value: work(), error: null }
  } catch (error) {
    return { value: null, error: toData(error) }
  }
}

/** The gravest thing that happened decides. */
function exitCodeOf(result: WatchResult): number {
  const finished = result.run
  if (result.signal !== null) return exitCodeForSignal(constants.signals[result.signal])
  if (result.error !== null) return result.error.exitCode
  if (result.notCleaned.length > 0) return ExitCode.notCleaned
  const asked = finished.cells.filter((cell) => finished.options.requested.includes(cell.configuration))
  const states = asked.map((cell) => finished.outcomes[cell.id]?.state)
  if (states.every((state) => state === 'unsupported')) return ExitCode.nothingRuns
  return Object.values(finished.outcomes).some(({ state }) => state === 'failed')
    ? ExitCode.cellFailed
    : ExitCode.done
}
