/** The end of a run for a person: its report on disk and on the terminal, and its exit code. */
import { rmSync } from 'node:fs'
import { fromData, toData, type ErrorData } from '../contracts/error-data.ts'
import type { Report } from '../contracts/report.ts'
import { samplesOf } from '../results/run-folder.ts'
import { exitCodeOf, type RunResult } from '../runner/run.ts'
import type { Context, RunFlags } from './context.ts'
import { printReport, printRows } from './report.ts'
import { writeReport } from './write-report.ts'

/** How a run ended. */
export interface RunEnd {
  exitCode: number
  folder: string
  /** Trials of a validation, as in the report. */
  trials: number | null
  /** Why the run ended early; what was measured until then is kept. */
  error: { message: string; hint: string | null } | null
}

/** Writes and prints the report. Throws what ended the run, and removes its folder, where nothing was measured. */
export async function printResult(
  folder: string,
  result: RunResult,
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
  if (flags.json) printRows(folder, drawn, context)
  else if (!flags.silent) printReport(drawn, path.value, context, flags.tables)
  printNotCleaned(result.notCleaned, context)
  const error = result.error ?? path.error
  if (error !== null) context.stderr.write(`bench: ${error.message}\n`)
  return { exitCode: exitCodeOf({ ...result, error }), folder, trials: drawn.trials, error }
}

/** Names what the run left behind. */
export function printNotCleaned(left: RunResult['notCleaned'], { stderr }: Context): void {
  for (const { entry, error } of left) {
    stderr.write(`bench: could not be removed: ${entry.kind}: ${error} (bench clean tries again)\n`)
  }
}

/** Draws what was measured; where that cannot be read, what ended the run is the better reason. */
async function summarize(folder: string, { run, error }: RunResult, context: Context): Promise<Report> {
  try {
    return await context.summarize(run, samplesOf(folder, run))
  } catch (unreadable) {
    throw error === null ? unreadable : fromData(error)
  }
}

function attempt<T>(work: () => T): { value: T; error: null } | { value: null; error: ErrorData } {
  try {
    return { value: work(), error: null }
  } catch (error) {
    return { value: null, error: toData(error) }
  }
}
