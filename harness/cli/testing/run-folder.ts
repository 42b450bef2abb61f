import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Run } from '../../contracts/run.ts'
import { sampleOf, smallRun } from '../../testing/small-run.ts'
import type { Place } from './bench.ts'

/** Makes a run folder of `rounds` samples around `seconds` in the place's output; `day`: day of January, which also names it. */
export function runFolder(
  place: Place,
  day: number,
  seconds: number,
  changes: Partial<Run> = {},
  rounds = 10,
): string {
  const folder = place.at(`output/run-${day}`)
  const startedAt = `2026-01-0${day}T00:00:00.000Z`
  const run: Run = { ...smallRun(), id: `run-${day}`, startedAt, ...changes }
  const samples = Array.from({ length: rounds }, (_, round) => ({
    ...sampleOf(run, round),
    phases: { write: seconds * (1 + round / 1000) },
  }))
  mkdirSync(folder)
  writeFileSync(join(folder, 'run.json'), JSON.stringify(run))
  writeFileSync(
    join(folder, 'samples.ndjson'),
    samples.map((sample) => `${JSON.stringify(sample)}\n`).join(''),
  )
  return folder
}
