import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Sample } from '../../harness/contracts/sample.ts'
import { fixtureStream } from './fixture-run.ts'

/** Cells of the fixture that run, and so samples of a round. */
const SAMPLES_A_ROUND = 54
/** Lines that are written at once. */
const LINES = 256

/** Writes a run folder of at least `least` samples: whole rounds of the fixture. Returns how many. */
export async function writeLargeRun(folder: string, samples: number): Promise<number> {
  const rounds = Math.ceil(samples / SAMPLES_A_ROUND)
  const fixture = fixtureStream({ rounds })
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'run.json'), JSON.stringify(fixture.run))
  const lines = Readable.from(linesOf(fixture.samples), { objectMode: true })
  await pipeline(lines, createWriteStream(join(folder, 'samples.ndjson')))
  return rounds * SAMPLES_A_ROUND
}

function* linesOf(samples: Iterable<Sample>): Generator<string> {
  let lines: string[] = []
  for (const sample of samples) {
    lines.push(`${JSON.stringify(sample)}\n`)
    if (lines.length < LINES) continue
    yield lines.join('')
    lines = []
  }
  yield lines.join('')
}
