/** How much of a run's time is spent measuring, and on what the rest goes. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import type { Cell, Run, Sample } from '../contracts/run.ts'
import { createHost } from '../host/index.ts'
import { readRun } from '../results/run-folder.ts'

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url))
const A_DAY = 24 * 3600

/** Seconds. */
export interface Duty {
  wall: number
  /** In phases that are reported. */
  measured: number
  /** By what it is that was done. */
  rest: ReadonlyMap<string, number>
}

/** Runs `bench run` with these words as a person would. */
export async function measureDuty(words: readonly string[]): Promise<Duty> {
  const host = createHost({ record: () => undefined, settle: () => undefined })
  const output = mkdtempSync(join(tmpdir(), 'bench-reference-duty-'))
  try {
    const args = [...process.execArgv, MAIN, 'run', ...words, '--output', output, '--json', '--quiet']
    const { stdout } = await host.run(process.execPath, args, { timeout: A_DAY })
    const folder = z.object({ run: z.string() }).parse(JSON.parse(stdout)).run
    const { run, samples } = readRun(folder)
    return dutyOf(run, samples)
  } finally {
    rmSync(output, { recursive: true, force: true })
  }
}

function dutyOf(run: Run, samples: Iterable<Sample>): Duty {
  const wall = (Date.parse(run.endedAt ?? run.startedAt) - Date.parse(run.startedAt)) / 1000
  const cells = new Map(run.cells.map((cell) => [cell.id, cell]))
  const rest = new Map<string, number>([['calibration', run.calibration?.seconds ?? 0]])
  const add = (what: string, seconds: number) => rest.set(what, (rest.get(what) ?? 0) + seconds)
  let measured = 0
  let inTrials = 0
  for (const sample of samples) {
    const timed = timedIn(sample, cells.get(sample.cell), run)
    const untimed = Object.entries(sample.untimed).map(([what, seconds = 0]) => [what, seconds] as const)
    for (const [what, seconds] of untimed) add(what, seconds)
    const booked = untimed.reduce((sum, [, seconds]) => sum + seconds, timed)
    add('rest of the trials', sample.took - booked)
    measured += timed
    inTrials += sample.took
  }
  add('stores and images', wall - inTrials - (run.calibration?.seconds ?? 0))
  return { wall, measured, rest }
}

/** Phases that follow each other in time: no sums of others. */
function timedIn(sample: Sample, cell: Cell | undefined, run: Run): number {
  const scenario = run.scenarios.find(({ id }) => id === cell?.scenario)
  const phases = scenario?.phases.filter(({ unit, sum }) => unit === 's' && sum === undefined) ?? []
  return phases.reduce((sum, { id }) => sum + (sample.phases[id] ?? 0), 0)
}
