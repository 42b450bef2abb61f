/** A run that was killed or stopped, and goes on: what is kept of it, and what is measured again. */
import type { Interruption, Run } from '../contracts/run.ts'
import type { Sample } from '../contracts/sample.ts'
import { readRun } from '../results/run-folder.ts'
import type { EarlierSample, EarlierSamples } from './rounds.ts'

/** Reads the samples of a run folder. A line that cannot be read is no sample: it is measured again. */
export function readEarlier(folder: string): EarlierSamples {
  return earlierSamples(readRun(folder).samples)
}

/** Keeps of each sample what decides how the run goes on. Of two samples of a cell in one round the first counts. */
export function earlierSamples(samples: Iterable<Sample>): EarlierSamples {
  const rounds = new Map<number, Map<string, EarlierSample>>()
  for (const { cell, round, state, phases } of samples) {
    const known = rounds.get(round) ?? new Map<string, EarlierSample>()
    if (!known.has(cell)) known.set(cell, { cell, round, state, phases })
    rounds.set(round, known)
  }
  return {
    find: (cell, round) => rounds.get(round)?.get(cell),
    begun: (round) => rounds.has(round),
  }
}

export interface Resumed {
  run: Run
  /** Seconds of the budget that were used before. */
  spentSeconds: number
}

/**
 * Returns the record of an interrupted run that goes on now: its cells are pending again, but for those that failed in a trial. The
 * interruption is added to those that there are. `samples`: all that were kept.
 */
export function resumeRun(run: Run, samples: Iterable<Sample>, now: Date = new Date()): Resumed {
  const failed = new Set<string>()
  const found = { count: 0, round: 0, last: null as string | null }
  for (const { cell, round, state, at } of samples) {
    found.count += 1
    found.round = Math.max(found.round, round)
    if (found.last === null || at > found.last) found.last = at
    if (state === 'failed') failed.add(cell)
  }
  const earlier = run.interruptions ?? []
  const interruption: Interruption = {
    at: found.last,
    resumedAt: now.toISOString(),
    round: found.round,
    samples: found.count,
  }
  return {
    run: {
      ...run,
      state: 'running',
      endedAt: null,
      stopped: null,
      outcomes: Object.fromEntries(
        run.cells.map(({ id }) => {
          const outcome = run.outcomes[id]
          return [id, outcome?.state === 'failed' && failed.has(id) ? outcome : { state: 'pending' as const }]
        }),
      ),
      interruptions: [...earlier, interruption],
    },
    spentSeconds: spentOn(run, found.last, earlier),
  }
}

/** Returns the seconds from the start to the last sample, without the pauses. */
function spentOn(run: Run, last: string | null, earlier: readonly Interruption[]): number {
  if (last === null) return 0
  const pauses = earlier.map(({ at, resumedAt }) => Date.parse(resumedAt) - Date.parse(at ?? run.startedAt))
  const paused = pauses.reduce((sum, pause) => sum + pause, 0)
  return Math.max(0, Date.parse(last) - Date.parse(run.startedAt) - paused) / 1000
}
