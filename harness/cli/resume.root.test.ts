/** A run that is killed in the middle, and resumed. */
import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Run } from '../contracts/run.ts'
import { isPresent } from '../linux/process.ts'
import { isRoot } from '../testing/scratch-file.ts'
import { readWholeRun } from '../testing/whole-run.ts'
import { bench, makePlace, smallestRun, startBench, type Place } from './testing/bench.ts'
import { expectNothingLeft, processTree, waitFor } from './testing/leftovers.ts'

/** Enough for a kill in the middle on a busy machine, too. */
const ROUNDS = 16
const SECONDS_TO_MEASURE = 80

const linesOf = (folder: string) => {
  const path = join(folder, 'samples.ndjson')
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : []
}

function changeRun(folder: string, change: (run: Run) => void): void {
  const path = join(folder, 'run.json')
  const run = JSON.parse(readFileSync(path, 'utf8')) as Run
  change(run)
  writeFileSync(path, JSON.stringify(run))
}

describe.skipIf(!isRoot)('a run that is killed', () => {
  let place: Place
  let folder: string
  let id: string
  let kept: string[]
  let original: string

  beforeAll(async () => {
    place = makePlace()
    const rounds = ['--rounds', String(ROUNDS), '--scratch', place.scratch]
    const running = startBench(place, smallestRun(place, 'overlay2', ...rounds))
    const found = () => readdirSync(place.output)[0]
    await waitFor(
      'three samples',
      SECONDS_TO_MEASURE,
      () => linesOf(join(place.output, found() ?? '-')).length >= 3,
    )
    const tree = processTree(running.pid)
    running.kill('SIGKILL')
    await waitFor('no process of it', 20, () => !tree.some(isPresent))
    id = found() ?? ''
    folder = join(place.output, id)
    kept = linesOf(folder)
    original = readFileSync(join(folder, 'run.json'), 'utf8')
    // As if it had been killed while it wrote the next one.
    appendFileSync(join(folder, 'samples.ndjson'), '{"cell":"torn')
  })
  afterAll(() => place[Symbol.dispose]())

  test('is not resumed on another host: what differs is named, and nothing is changed', async () => {
    changeRun(folder, ({ host }) => (host.kernel = '1.2.3'))
    const { code, stderr } = await bench(place, 'run', '--resume', folder)
    expect(code).toBe(2)
    expect(stderr).toMatch(
      /^bench: the host is not what it was: Kernel was 1\.2\.3 and is \S+: measure again [^\n]+\n$/,
    )
    expect(linesOf(folder)).toEqual(kept)
    writeFileSync(join(folder, 'run.json'), original)
  })

  test('goes on where it was: every sample is kept, none is taken twice, and nothing is left', async () => {
    const { code, stdout, stderr } = await bench(place, 'run', '--resume', folder)
    expect({ code, stderr: stderr.match(/^bench: .*$/gm) }).toEqual({ code: 0, stderr: null })
    expect(linesOf(folder).slice(0, kept.length)).toEqual(kept)
    const { run, samples } = readWholeRun(folder)
    expect(samples).toHaveLength(ROUNDS * run.cells.length)
    expect(new Set(samples.map(({ cell, round }) => `${cell} ${round}`)).size).toBe(samples.length)
    expect(run).toMatchObject({
      id,
      state: 'completed',
      stopped: 'rounds',
      interruptions: [{ samples: kept.length }],
    })
    expect(new Set(Object.values(run.outcomes).map(({ state }) => state))).toEqual(new Set(['completed']))
    expect(
      run.warnings.map(({ code: warning }) => warning).filter((one) => one.startsWith('results.')),
    ).toEqual([])
    const round = (run.interruptions?.[0]?.round ?? -1) + 1
    expect(stdout).toContain(`Interrupted in round ${round} after ${kept.length} samples`)
    expectNothingLeft(place, id)
  })

  test('is then over, and is not resumed again', async () => {
    const { code, stderr } = await bench(place, 'run', '--resume', folder)
    expect(code).toBe(2)
    expect(stderr).toMatch(/came to its end: there is nothing to resume/)
  })
})
