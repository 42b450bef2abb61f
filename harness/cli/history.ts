/** `bench history`: many runs over time, and whether something has got worse. */
import { createHash } from 'node:crypto'
import { join, resolve } from 'node:path'
import { ExitCode, usageError } from '../contracts/error.ts'
import type { HistoryReport } from '../contracts/report.ts'
import { cacheDirectory } from '../linux/xdg.ts'
import { shareOf } from '../plan/request.ts'
import { readDigests } from '../results/digests.ts'
import { findRuns } from '../results/find-runs.ts'
import { useColor } from '../terminal/color.ts'
import { type Context, widthOf } from './context.ts'
import { writeOutput } from './write-output.ts'

export interface HistoryFlags {
  threshold?: string
  json?: true
  output?: string
}

const DEFAULT_THRESHOLD = '5%'

export async function history(
  directories: readonly string[],
  flags: HistoryFlags,
  context: Context,
): Promise<number> {
  const threshold = shareOf('--threshold', flags.threshold ?? DEFAULT_THRESHOLD)
  const places = findRuns(directories.map((directory) => resolve(directory)))
  if (places.length === 0)
    throw usageError(
      'no-runs',
      `no run folder is in ${directories.join(', ')}`,
      'give the folder that holds the run folders, as --output of bench run does',
    )
  const { digestOf, historyReport } = await context.history()
  const { runs, unreadable } = readDigests(places, cachePathOf(directories), digestOf)
  const drawn = historyReport(runs, [...unreadable], { threshold }, context.version)
  if (flags.output !== undefined) writeOutput(flags.output, drawn.html())
  show(drawn, flags, context)
  return drawn.history.changes.some(({ standing }) => standing) ? ExitCode.gateFailed : ExitCode.done
}

/** Each set of folders has a cache of its own, since it is written as a whole. */
function cachePathOf(directories: readonly string[]): string {
  const names = directories.map((directory) => resolve(directory)).toSorted()
  const hash = createHash('sha256').update(names.join('\n')).digest('hex').slice(0, 16)
  return join(cacheDirectory(), 'history', `${hash}.ndjson`)
}

function show(drawn: HistoryReport, { json, output }: HistoryFlags, { stdout }: Context): void {
  if (json) {
    stdout.write(`${JSON.stringify(drawn.history)}\n`)
    return
  }
  stdout.write(`${drawn.terminal(widthOf(stdout), useColor(stdout))}\n`)
  if (output !== undefined) stdout.write(`\n${output}\n`)
}
