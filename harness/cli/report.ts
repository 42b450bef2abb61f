import { join } from 'node:path'
import { ExitCode } from '../contracts/error.ts'
import type { Run, Sample } from '../contracts/run.ts'
import { listJournals, ownerLives } from '../journal/journal.ts'
import { journalDirectory } from '../plan/plan.ts'
import { readRun, REPORT_FILE, writeDurably, writeRun } from '../results/run-folder.ts'
import { useColor, widthOf, type Context } from './context.ts'

/** `bench report RUN`: draws the HTML again from a run folder. */
export async function report(folder: string, context: Context): Promise<number> {
  const { run, samples } = readRun(folder)
  if (run.state === 'running' && !isGoingOn(run.id)) {
    markInterrupted(run)
    writeRun(folder, run)
  }
  const path = await drawReport(folder, run, samples, context)
  const reports = await context.reports()
  context.stdout.write(
    `${reports.terminal(run, samples, widthOf(context.stdout), useColor(context.stdout))}\n\n${path}\n`,
  )
  return ExitCode.done
}

/** Writes report.html; returns its path. */
export async function drawReport(
  folder: string,
  run: Run,
  samples: readonly Sample[],
  context: Context,
): Promise<string> {
  const reports = await context.reports()
  const path = join(folder, REPORT_FILE)
  writeDurably(path, reports.html(run, samples))
  return path
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
