import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ExitCode } from '../contracts/error.ts'
import { FLEET_FILE } from '../contracts/fleet.ts'
import type { Report } from '../contracts/report.ts'
import { isGoingOn } from '../journal/find-journals.ts'
import { journalDirectory } from '../linux/xdg.ts'
import { readAccepted } from '../results/accepted.ts'
import { readRun, writeRun, markInterrupted } from '../results/run-folder.ts'
import { widthOf, type Context } from './context.ts'
import { useColor } from '../terminal/color.ts'
import { drawFleet } from './fleet-report.ts'
import { requireOneForm } from './one-form.ts'
import { whereAllowed, writeReport, type Writing } from './write-report.ts'

export interface ReportFlags {
  json?: true
  markdown?: true
  tables?: true
}

/** `bench report RUN`: draws the HTML again from the folder of a run or of a fleet. */
export async function report(folder: string, flags: ReportFlags, context: Context): Promise<number> {
  requireOneForm(flags, 'the report')
  const isFleet = existsSync(join(folder, FLEET_FILE))
  const writing = whereAllowed(context)
  const drawn = await (isFleet ? drawFleet : drawRun)(folder, context, writing)
  const path = writing(() => writeReport(folder, drawn))
  if (flags.json) printRows(folder, drawn, context)
  else if (flags.markdown) context.stdout.write(drawn.markdown())
  else printReport(drawn, path, context, flags.tables)
  return ExitCode.done
}

async function drawRun(folder: string, context: Context, writing: Writing): Promise<Report> {
  const { run, samples, isOlder } = readRun(folder)
  const wasKilled = run.state === 'running' && !isGoingOn(journalDirectory(), run.id)
  if (wasKilled) markInterrupted(run)
  const drawn = await context.summarize(run, samples, readAccepted(folder))
  // Not before the samples were read: a folder with a bad line in it is left as it is.
  if (wasKilled && !isOlder) writing(() => writeRun(folder, run))
  return drawn
}

/** Prints the result for programs: a line of JSON. */
export function printRows(folder: string, { rows }: Report, { stdout }: Context): void {
  stdout.write(`${JSON.stringify({ run: folder, rows })}\n`)
}

/** Prints the answer, the tables if asked for, and the path of the page where there is one. */
export function printReport(
  drawn: Report,
  path: string | null,
  { stdout }: Context,
  withTables = false,
): void {
  const text = drawn.terminal(widthOf(stdout), useColor(stdout), withTables)
  stdout.write(path === null ? `${text}\n` : `${text}\n${path}\n`)
}
