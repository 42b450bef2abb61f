/** How much of a run's time is spent measuring, and on what the rest goes. */
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import type { Host } from '../../contracts/host.ts'
import type { Cell } from '../../contracts/cell.ts'
import type { Run } from '../../contracts/run.ts'
import type { Sample } from '../../contracts/sample.ts'
import { endingWithParent } from '../../linux/privilege.ts'
import { readRun } from '../../results/run-folder.ts'
import type { Workspace } from './workspace.ts'

const MAIN = fileURLToPath(new URL('../../main.ts', import.meta.url))
const A_DAY = 24 * 3600

/** Seconds. */
export interface Duty {
  wall: number
  /** Seconds in reported phases. */
  measured: number
  /** The same of the rounds after the first alone, without what is done once: what a longer run tends to. */
  later: { trials: number; measured: number }
  /** By what it is that was done. */
  rest: ReadonlyMap<string, number>
  rounds: number
  /** Reason for the end of the run. */
  stopped: Run['stopped']
}

/** Runs `bench run` with these words as a person would; it ends with this process. */
export async function measureDuty(
  { host, directory }: { host: Pick<Host, 'run'>; directory: Workspace['directory'] },
  words: readonly string[],
): Promise<Duty> {
  const bench = [process.execPath, ...process.execArgv, MAIN]
  const run = ['run', ...words, '--output', directory, '--json', '--quiet']
  const [program, ...args] = endingWithParent('TERM', [...bench, ...run])
  const { stdout } = await host.run(program, args, { timeout: A_DAY })
  const folder = z.object({ run: z.string() }).parse(JSON.parse(stdout)).run
  const stored = readRun(folder)
  return dutyOf(stored.run, [...stored.samples])
}

export function dutyOf(run: Run, samples: readonly Sample[]): Duty {
  const rest = new Map<string, number>()
  const add = (what: string, seconds: number) => rest.set(what, (rest.get(what) ?? 0) + seconds)
  const cells = new Map(run.cells.map((cell) => [cell.id, cell]))
  let measured = 0
  const later = { trials: 0, measured: 0 }
  for (const sample of samples) {
    const timed = timedIn(sample, cells.get(sample.cell), run)
    const untimed = Object.entries(sample.untimed).map(([what, seconds = 0]) => [what, seconds] as const)
    for (const [what, seconds] of untimed) add(NAMES[what as keyof typeof NAMES], seconds)
    const booked = untimed.reduce((sum, [, seconds]) => sum + seconds, timed)
    add('rest of the trials', sample.took - booked)
    measured += timed
    if (sample.round === 0) continue
    later.trials += sample.took
    later.measured += timed
  }
  const outside = outsideOfTrials(run, samples)
  for (const [what, seconds] of Object.entries(outside.rest)) add(what, seconds)
  const rounds = samples.reduce((most, { round }) => Math.max(most, round + 1), 0)
  return { wall: outside.wall, measured, later, rest, rounds, stopped: run.stopped }
}

/** Names of a trial's untimed activities, for people. */
const NAMES: Readonly<Record<keyof Sample['untimed'], string>> = {
  rest: 'settling',
  count: 'reading counters',
  cache: 'cache states',
  copy: 'copies for controls',
  provenance: 'asking where bytes lie',
  verify: 'verifying',
}

/** Seconds since the epoch are exact to a millisecond, which is little beside what they are subtracted for. */
function outsideOfTrials(
  run: Run,
  samples: readonly Sample[],
): { wall: number; rest: Record<string, number> } {
  const calibration = run.calibration?.seconds ?? 0
  const began = secondsOf(run.startedAt)
  const ended = secondsOf(run.endedAt ?? run.startedAt)
  const first = secondsOf(samples[0]?.at ?? run.startedAt)
  const last = samples.at(-1)
  const over = last === undefined ? first : secondsOf(last.at) + last.took
  const inTrials = samples.reduce((sum, { took }) => sum + took, 0)
  return {
    wall: ended - began,
    rest: {
      calibration,
      'probing, formatting, images': first - began - calibration,
      'between trials': over - first - inTrials,
      'taking down': ended - over,
    },
  }
}

function secondsOf(date: string): number {
  return Date.parse(date) / 1000
}

/** Phases that follow each other in time: no sums of others. */
function timedIn(sample: Sample, cell: Cell | undefined, run: Run): number {
  const scenario = run.scenarios.find(({ id }) => id === cell?.scenario)
  const phases = scenario?.phases.filter(({ unit, sum }) => unit === 's' && sum === undefined) ?? []
  return phases.reduce((sum, { id }) => sum + (sample.phases[id] ?? 0), 0)
}
