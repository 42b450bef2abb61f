/** The record of a run: how it starts, how it ends, and the exit code that it gives. */
import { constants } from 'node:os'
import type { DriverMeta } from '../contracts/driver.ts'
import { BenchError, ExitCode, exitCodeForSignal } from '../contracts/error.ts'
import type { ErrorData } from '../contracts/error-data.ts'
import type { RunOptions } from '../contracts/options.ts'
import type { Plan, Registry } from '../contracts/plan.ts'
import { RUN_SCHEMA_VERSION, type DriverInfo, type Run, type ScenarioInfo } from '../contracts/run.ts'
import type { Scenario } from '../contracts/scenario.ts'
import type { UndoResult } from '../journal/clean-up.ts'
import { RUNTIME_DIRECTORY } from '../journal/runtime-directory.ts'
import { existingFolder } from '../linux/existing-folder.ts'
import { scratchDirectory } from '../linux/xdg.ts'
import { makeRunId } from '../results/run-folder.ts'

/** How a run ended. */
export interface RunResult {
  run: Run
  /** Error that ended it, other than its own end or a signal to this process. */
  error: ErrorData | null
  /** The first that this process was sent. */
  signal: NodeJS.Signals | null
  /** Leftovers that could not be removed. */
  notCleaned: readonly UndoResult[]
}

/** Makes the record of a run that begins now. `host`: its fingerprint. `command`: the command line that repeats it. */
export function startRun(plan: Plan, registry: Registry, host: Run['host'], command: string): Run {
  const now = new Date()
  const { options, cells } = plan
  const configurations = new Map(cells.map(({ configuration, driver }) => [configuration, driver]))
  return {
    schema: RUN_SCHEMA_VERSION,
    id: makeRunId(now, Math.random),
    state: 'running',
    startedAt: now.toISOString(),
    endedAt: null,
    command,
    options,
    host,
    drivers: [...configurations].map(([text, id]) => driverInfo(text, metaOf(id, registry))),
    scenarios: registry.scenarios.filter(({ meta }) => options.scenarios.includes(meta.id)).map(scenarioInfo),
    images: {},
    cells,
    outcomes: Object.fromEntries(cells.map(({ id }) => [id, { state: 'pending' as const }])),
    calibration: null,
    stopped: null,
    warnings: [],
  }
}

function metaOf(id: string, { drivers }: Registry): DriverMeta {
  const driver = drivers.find(({ meta }) => meta.id === id)
  if (driver === undefined) throw new BenchError(`there is no driver ${id}`, { code: 'plan.driver' })
  return driver.meta
}

function driverInfo(configuration: string, meta: DriverMeta): DriverInfo {
  const { id, title, summary, cowUnit, emulated, role } = meta
  return { configuration, id, title, summary, cowUnit, emulated, role }
}

function scenarioInfo({ meta: { id, title, question, phases, tallies } }: Scenario): ScenarioInfo {
  return {
    id,
    title,
    question,
    phases: [...phases],
    ...(tallies === undefined ? {} : { tallies: [...tallies] }),
  }
}

/** Ends the record of a run: now, and with cells that were not measured to their end as aborted. */
export function finishRun(
  run: Run,
  { finished, error }: { finished: boolean; error: ErrorData | null },
): void {
  run.endedAt = new Date().toISOString()
  run.state = finished ? 'completed' : error === null ? 'interrupted' : 'failed'
  for (const { id } of run.cells) {
    if (run.outcomes[id]?.state === 'pending') run.outcomes[id] = { state: 'aborted' }
  }
}

/** Returns the exit code of the worst that happened. */
export function exitCodeOf({ run, signal, error, notCleaned }: RunResult): number {
  if (signal !== null) return exitCodeForSignal(constants.signals[signal])
  if (error !== null) return error.exitCode
  if (notCleaned.length > 0) return ExitCode.notCleaned
  const asked = run.cells.filter(({ configuration }) => run.options.requested.includes(configuration))
  if (asked.every(({ id }) => run.outcomes[id]?.state === 'unsupported')) return ExitCode.nothingRuns
  const failed = Object.values(run.outcomes).some(({ state }) => state === 'failed')
  return failed ? ExitCode.cellFailed : ExitCode.done
}

/** Returns the folders that hold all that a run makes outside of its own namespaces. */
export function placesOf(scratch: Pick<RunOptions['scratch'], 'kind' | 'path'>): string[] {
  return [scratch.path, RUNTIME_DIRECTORY, probeFolder(scratch)]
}

/**
 * Returns the folder in which drivers are tried: on the disk of the loop files. A device is claimed only later, and then it
 * is on the disk where loop files would lie.
 */
export function probeFolder({ kind, path }: Pick<RunOptions['scratch'], 'kind' | 'path'>): string {
  return existingFolder(kind === 'loop' ? path : scratchDirectory())
}
