import type { Run } from '../../harness/contracts/run.ts'
import { formatCount, formatDuration, plural } from './format.ts'
import type { Summary } from '../summary/types.ts'

/** How a run or a fleet ended, as a word. */
export const RUN_STATES: Readonly<Record<Run['state'], string>> = {
  completed: 'Completed',
  interrupted: 'Interrupted',
  running: 'Still running',
  failed: 'Failed',
}

/** `2026-01-31 20:15 UTC` of an ISO 8601 time. */
export function timeText(time: string): string {
  return `${time.slice(0, 16).replace('T', ' ')} UTC`
}

/** When, how long, how much: what stands below a run's title. */
export function runFacts({ run, rounds, samples }: Summary): string[] {
  return [
    timeText(run.startedAt),
    ...tookText(run),
    `${run.options.profile} profile`,
    plural(rounds, 'round'),
    `${formatCount(samples.completed)} samples`,
  ]
}

/** Returns `took 4 min 12 s`; nothing while the run goes on. */
export function tookText({ startedAt, endedAt }: Pick<Run, 'startedAt' | 'endedAt'>): string[] {
  if (endedAt === null) return []
  return [`took ${formatDuration((Date.parse(endedAt) - Date.parse(startedAt)) / 1000)}`]
}
