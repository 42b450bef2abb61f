import type { Run } from '../contracts/run.ts'
import type { Sample } from '../contracts/sample.ts'
import { readRun } from '../results/run-folder.ts'

/** A run folder with all its samples at once, for tests that take a handful of them. */
export function readWholeRun(folder: string): { run: Run; samples: Sample[] } {
  const { run, samples } = readRun(folder)
  return { run, samples: [...samples] }
}
