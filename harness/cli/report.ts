import { join } from 'node:path'
import { ExitCode } from '../contracts/error.ts'
import type { Run } from '../contracts/run.ts'
import { listJournals, ownerLives } from '../journal/journal.ts'
import { journalDirectory } from '../plan/plan.ts'
import { readRun, REPORT_FILE, writeDurably, writeRun } from '../results/run-folder.ts'
import { useColor, widthOf, type Context, type Report } from './context.ts'

/** `bench report RUN`: draws the HTML again from a run folder. */
export async function report(folder: string, context: Context): Promise<number> {
  const { run, samples } = readRun(folder)
  const wasKilled = run.state === 'running' && !isGoingOn(run.id)
  if (wasKilled) markInterrupted(run)
  const drawn = await context.summarize(run, samples)
  // Not before the samples were read: a folder with a bad line in it is left as it is.
  if (wasKilled) writeRun(folder, run)
  const path = writeReport(folder, drawn)
  printReport(drawn, path, context)
  return ExitCode.done
}

/** Writes report.html; returns its path. */
export function writeReport(folder: string, drawn: Report): string {
  const path = join(folder, REPORT_FILE)
  writeDurably(path, drawn.html())
  return path
}

/** Table, verdict and the page's path. */
export function printReport(drawn: Report, path: string, { stdout }: Context): void {
  stdout.write(`${drawn.terminal(widthOf(stdout), useColor(stdout))}\n\n${path}\n`)
}

function isGoingOn(run: string): boolean {
  return listJournals(journalDirectory()).some(({ owner }) => owner?.run === run && ownerLives(owner))
}

/** A run that was killed could not say so itself. */
function markInterrupted(run: Run): void {
  run.state = 'interrupted'
  for (const [cell, outcome] of Object.entries(run.outcomes)) {
    if (outcome.state === 'pending') run.outcomes[cell] = { state: 'aborted' }
  }
}
