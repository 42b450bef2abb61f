/** Runs that are killed or stopped: what is kept, what goes by itself, what `bench clean` takes away. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sampleSchema } from '../contracts/sample.ts'
import { isPresent } from '../linux/process.ts'
import { readWholeRun } from '../testing/whole-run.ts'
import { isRoot, loopFiles } from '../testing/scratch-file.ts'
import { bench, makePlace, smallestRun, startBench, type Place, type Running } from './testing/bench.ts'
import {
  expectNothingLeft,
  journals,
  processTree,
  runtimeFolder,
  waitFor,
  type TreeProcess,
} from './testing/leftovers.ts'

/** More than any test waits for. */
const ENDLESS = ['--rounds', '100000']
const SECONDS_TO_MEASURE = 80
const AFTER_JOURNAL = pathToFileURL(join(import.meta.dirname, 'testing/signal-after-journal.mjs')).href

interface GoingOn {
  running: Running
  id: string
  folder: string
}

const samplesOf = (folder: string) => {
  const path = join(folder, 'samples.ndjson')
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : []
}

/** Starts a run and waits until it has at least two samples. */
async function measuring(place: Place): Promise<GoingOn> {
  const before = readdirSync(place.output)
  const running = startBench(place, smallestRun(place, 'overlay2', '--scratch', place.scratch, ...ENDLESS))
  const newFolder = () => readdirSync(place.output).find((name) => !before.includes(name))
  await waitFor('a run folder', SECONDS_TO_MEASURE, () => newFolder() !== undefined)
  const id = newFolder() ?? ''
  const folder = join(place.output, id)
  await waitFor('two samples', SECONDS_TO_MEASURE, () => samplesOf(folder).length >= 2)
  return { running, id, folder }
}

describe.skipIf(!isRoot)('a run that is killed, beside one that goes on', () => {
  let place: Place
  let killed: GoingOn
  let other: GoingOn
  let tree: TreeProcess[]
  let samples: string[]

  beforeAll(async () => {
    place = makePlace()
    killed = await measuring(place)
    other = await measuring(place)
    tree = processTree(killed.running.pid)
    killed.running.kill('SIGKILL')
    await waitFor('no process of it', 20, () => !tree.some(isPresent))
    samples = samplesOf(killed.folder)
  })
  afterAll(() => {
    other.running.kill('SIGKILL')
    place[Symbol.dispose]()
  })

  test('has no process within two seconds', () => {
    expect(tree.length).toBeGreaterThanOrEqual(3)
    expect(tree.some(({ command }) => command.includes('__measure'))).toBe(true)
    expect(tree.filter(isPresent)).toEqual([])
  })

  test('has no loop device: the kernel takes them with the last process', async () => {
    await waitFor('no loop device', 20, () => loopFiles(join(place.scratch, killed.id)).length === 0)
    expect(loopFiles(join(place.scratch, other.id))).not.toEqual([])
  })

  test('has kept every sample up to then', () => {
    expect(samples.length).toBeGreaterThanOrEqual(2)
    for (const line of samples) expect(sampleSchema.parse(JSON.parse(line)).state).toBe('completed')
  })

  test('is drawn, and called interrupted', async () => {
    const { code, stdout } = await bench(place, 'report', killed.folder)
    expect(code).toBe(0)
    expect(stdout).toMatch(/interrupted/i)
    expect(readFileSync(join(killed.folder, 'report.html'), 'utf8')).toMatch(/interrupted/i)
    const { run, samples: read } = readWholeRun(killed.folder)
    expect(run.state).toBe('interrupted')
    expect(read).toHaveLength(samples.length)
  })

  test('has left its scratch and its journal, until bench clean takes them and nothing else', async () => {
    expect(existsSync(join(place.scratch, killed.id))).toBe(true)
    const { code, stdout } = await bench(place, 'clean')
    expect(code).toBe(0)
    expect(stdout).toContain(`run ${killed.id} did not clean up after itself`)
    expect(stdout).toContain(`removed ${join(place.scratch, killed.id)}`)
    expect(stdout).toContain(`run ${other.id} is going on (process ${other.running.pid}): left alone`)
    expect(journals(place)).toEqual([`${other.id}.ndjson`])
    expect(existsSync(join(place.scratch, killed.id))).toBe(false)
    expect(existsSync(runtimeFolder(killed.id))).toBe(false)
    // The results are not what a killed run left behind.
    expect(readWholeRun(killed.folder).samples).toHaveLength(samples.length)
  })

  test('has nothing left for a second clean', async () => {
    const { code, stdout } = await bench(place, 'clean')
    expect(code).toBe(0)
    expect(stdout).toContain('nothing to clean')
    expect(stdout).not.toContain(killed.id)
  })

  test('did not disturb the other, which goes on and stops in order when it is asked to', async () => {
    const before = samplesOf(other.folder).length
    await waitFor('another sample', 30, () => samplesOf(other.folder).length > before)
    other.running.kill('SIGINT')
    const { code, signal, stdout } = await other.running.ended
    expect({ code, signal }).toEqual({ code: 130, signal: null })
    expect(stdout).toContain(join(other.folder, 'report.html'))
    const { run, samples: read } = readWholeRun(other.folder)
    expect(run.state).toBe('interrupted')
    expect(new Set(Object.values(run.outcomes).map(({ state }) => state))).toEqual(new Set(['aborted']))
    expect(read.every(({ state }) => state === 'completed')).toBe(true)
    expectNothingLeft(place, other.id)
  })
})

describe.skipIf(!isRoot)('a measuring process that is killed alone', () => {
  test('is reported by its parent, which keeps the samples and leaves nothing', async () => {
    using place = makePlace()
    const { running, id, folder } = await measuring(place)
    const tree = processTree(running.pid)
    const child = tree.findLast(({ command }) => command.includes('__measure'))
    process.kill(child?.pid ?? 0, 'SIGKILL')
    const { code, stderr, stdout } = await running.ended
    expect(code).toBe(5)
    expect(stderr).toMatch(/^bench: the measuring process ended with (SIGKILL|a signal)$/m)
    expect(stdout).toContain('report.html')
    const { run, samples } = readWholeRun(folder)
    expect(run.state).toBe('failed')
    expect(samples.length).toBeGreaterThanOrEqual(2)
    expect(existsSync(join(folder, 'report.html'))).toBe(true)
    expect(tree.filter(isPresent)).toEqual([])
    expectNothingLeft(place, id)
  })
})

describe.skipIf(!isRoot)('a run that is asked to stop twice', () => {
  test('does not finish what it is doing, and leaves nothing all the same', async () => {
    using place = makePlace()
    const running = startBench(place, smallestRun(place, 'overlay2', '--scratch', place.scratch, ...ENDLESS))
    await waitFor('an image', SECONDS_TO_MEASURE, () => running.stderr().includes('writing image'))
    running.kill('SIGINT')
    await new Promise((next) => setTimeout(next, 100))
    running.kill('SIGINT')
    const { code, stderr } = await running.ended
    expect(stderr).not.toContain('could not be removed')
    expect(code).toBe(130)
    const [id = ''] = readdirSync(place.output)
    expect(readWholeRun(join(place.output, id)).run.state).toBe('interrupted')
    expectNothingLeft(place, id)
  })
})

describe.skipIf(!isRoot)('a run that is asked to stop when everything is measured', () => {
  test.each(['SIGHUP', 'SIGINT', 'SIGTERM'] as const)('by %s, still writes its report', async (signal) => {
    using place = makePlace()
    const scratch = ['--scratch', place.scratch, '--rounds', '1', '--controls', 'off']
    // The journal goes when nothing is left to undo; the report is drawn after that.
    const env = { NODE_OPTIONS: `--import=${AFTER_JOURNAL}`, BENCH_TEST_SIGNAL: signal }
    const running = startBench(place, smallestRun(place, 'bare', ...scratch), env)
    const { code, signal: killedBy, stdout, stderr } = await running.ended
    expect({ code, killedBy, stderr }).toMatchObject({
      code: 128 + constants.signals[signal],
      killedBy: null,
    })
    const [id = ''] = readdirSync(place.output)
    expect(stdout).toContain(join(place.output, id, 'report.html'))
    expect(existsSync(join(place.output, id, 'report.html'))).toBe(true)
    expect(readWholeRun(join(place.output, id)).run.state).toBe('completed')
    expectNothingLeft(place, id)
  })
})
