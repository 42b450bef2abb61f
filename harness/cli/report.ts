import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { BenchError, ExitCode, messageOf } from '../contracts/error.ts'
import { FLEET_FILE } from '../contracts/fleet.ts'
import { errnoOf } from '../contracts/syscalls.ts'
import type { Report } from '../contracts/report.ts'
import { isGoingOn } from '../journal/find-journals.ts'
import { journalDirectory } from '../linux/xdg.ts'
import { notWritten, readRun, REPORT_FILE, writeRun, markInterrupted } from '../results/run-folder.ts'
import { widthOf, type Context } from './context.ts'
import { useColor } from '../terminal/color.ts'
import { drawFleet } from './fleet-report.ts'
import { replaceFile } from '../linux/replace-file.ts'

export interface ReportFlags {
  markdown?: true
}

/** `bench report RUN`: draws the HTML again from the folder of a run or of a fleet. */
export async function report(folder: string, flags: ReportFlags, context: Context): Promise<number> {
  const isFleet = existsSync(join(folder, FLEET_FILE))
  const drawn = await (isFleet ? drawFleet : drawRun)(folder, context)
  const path = whereAllowed(() => writeReport(folder, drawn), context)
  if (flags.markdown) context.stdout.write(drawn.markdown())
  else printReport(drawn, path, context)
  return ExitCode.done
}

async function drawRun(folder: string, context: Context): Promise<Report> {
  const { run, samples } = readRun(folder)
  const wasKilled = run.state === 'running' && !isGoingOn(journalDirectory(), run.id)
  if (wasKilled) markInterrupted(run)
  const drawn = await context.summarize(run, samples)
  // Not before the samples were read: a folder with a bad line in it is left as it is.
  if (wasKilled) whereAllowed(() => writeRun(folder, run), context)
  return drawn
}

/** Errors of a folder that belongs to another user, or that nobody may write. */
const FOREIGN: ReadonlySet<string | null> = new Set(['EACCES', 'EPERM', 'EROFS'])

/** Returns what `write` returns; null, and says so, in a folder that this user may read and not write: it can still be shown. */
export function whereAllowed<T>(write: () => T, { stderr }: Pick<Context, 'stderr'>): T | null {
  try {
    return write()
  } catch (error) {
    if (!FOREIGN.has(errnoOf(error instanceof BenchError ? error.cause : error))) throw error
    stderr.write(`bench: ${messageOf(error)}: it is shown here alone\n`)
    return null
  }
}

/** Writes report.html; returns its path. Throws a BenchError where it cannot be written. */
export function writeReport(folder: string, drawn: Report): string {
  const path = join(folder, REPORT_FILE)
  const page = drawn.html()
  try {
    replaceFile(path, page)
  } catch (error) {
    throw notWritten(path, error)
  }
  return path
}

/** Prints the table, the verdict and, where there is a page, its path. */
export function printReport(drawn: Report, path: string | null, { stdout }: Context): void {
  const text = drawn.terminal(widthOf(stdout), useColor(stdout))
  stdout.write(path === null ? `${text}\n` : `${text}\n\n${path}\n`)
}
