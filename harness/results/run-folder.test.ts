import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Run } from '../contracts/run.ts'
import type { Sample } from '../contracts/sample.ts'
import { benchErrorOf } from '../testing/errors.ts'
import { sampleOf, smallRun } from '../testing/small-run.ts'
import { createRunFolder, makeRunId, openSamples, readRun, RUN_FILE, SAMPLES_FILE } from './run-folder.ts'

let output: string
beforeEach(() => {
  output = mkdtempSync(join(tmpdir(), 'bench-test-results-'))
})
afterEach(() => rmSync(output, { recursive: true }))

function written(run: Run = smallRun(), samples: readonly Sample[] = []): string {
  const folder = createRunFolder(output, run)
  const writer = openSamples(folder)
  for (const sample of samples) writer.append(sample)
  writer.close()
  return folder
}

describe('a run', () => {
  test('is read back as it was written', () => {
    const run = smallRun()
    const samples = [0, 1, 2].map((round) => sampleOf(run, round))
    const read = readRun(written(run, samples))
    expect(read.run).toEqual(run)
    expect([...read.samples]).toEqual(samples)
    // And once more: they are read again each time.
    expect([...read.samples]).toEqual(samples)
  })

  test('that was ended before its first sample is one without samples', () => {
    expect([...readRun(written()).samples]).toEqual([])
  })

  test('has an id that sorts by time and tells runs of one second apart', () => {
    const early = makeRunId(new Date('2026-01-31T14:25:01.999Z'), () => 0.5)
    expect(early).toMatch(/^20260131-142501-[0-9a-z]{4}$/)
    expect(makeRunId(new Date('2026-01-31T14:25:02Z'), () => 0) > early).toBe(true)
    expect(makeRunId(new Date(0), () => 0)).toHaveLength(early.length)
    expect(makeRunId(new Date(0), () => 0.999_999_9)).toHaveLength(early.length)
  })

  test('that cannot be put there is wrong use', () => {
    const file = join(output, 'file')
    writeFileSync(file, '')
    expect(benchErrorOf(() => createRunFolder(file, smallRun()))).toMatchObject({
      exitCode: 2,
      code: 'usage.output',
    })
  })
})

describe('writing', () => {
  test('a sample is a line, there as soon as append returns', () => {
    const run = smallRun()
    const folder = createRunFolder(output, run)
    const writer = openSamples(folder)
    for (const round of [0, 1]) {
      writer.append(sampleOf(run, round))
      expect(readFileSync(join(folder, SAMPLES_FILE), 'utf8').split('\n')).toHaveLength(round + 2)
    }
    writer.close()
  })
})

describe('reading what a crash or a person made of it', () => {
  test('a sample that was being written is left out, wherever it was torn', () => {
    const run = smallRun()
    const folder = written(run, [sampleOf(run, 0)])
    const whole = readFileSync(join(folder, SAMPLES_FILE), 'utf8')
    for (const cut of [1, 5, whole.length - 2]) {
      writeFileSync(join(folder, SAMPLES_FILE), whole + whole.slice(0, -cut))
      const { run: read, samples } = readRun(folder)
      expect([...samples]).toHaveLength(1)
      expect(read.warnings).toEqual([
        { code: 'results.torn-line', message: expect.stringContaining('samples.ndjson has no end') },
      ])
    }
  })

  test.each([
    ['a torn line', '{"cell":', 'it is not JSON'],
    ['an empty line', '', 'it is not JSON'],
    ['a sample without a round', '{"cell":"x"}', 'round: '],
    ['binary zeros', '\0'.repeat(4096), 'it is not JSON'],
    ['a phase that no clock tells', tinyPhase(), 'phases.write: is neither 0 nor'],
  ])('%s between samples costs that line only, with one warning', (_, line, why) => {
    const run = smallRun()
    const folder = written(run, [sampleOf(run, 0)])
    prepend(folder, line)
    appendFileSync(join(folder, SAMPLES_FILE), `${line}\n${JSON.stringify(sampleOf(run, 1))}\n`)
    const { run: read, samples } = readRun(folder)
    for (const time of ['once', 'and again']) {
      expect(
        [...samples].map(({ round }) => round),
        time,
      ).toEqual([0, 1])
      expect(read.warnings).toMatchObject([{ code: 'results.damaged-line' }])
      expect(read.warnings[0]?.message).toContain(`line 1 of samples.ndjson cannot be read`)
      expect(read.warnings[0]?.message).toContain(why)
      expect(read.warnings[0]?.message).toMatch(/, and 1 more$/)
    }
  })

  test.each<[string, (folder: string) => void, RegExp]>([
    ['a folder that is not there', (folder) => rmSync(folder, { recursive: true }), /run\.json is missing/],
    ['no run.json', (folder) => rmSync(join(folder, RUN_FILE)), /run\.json is missing/],
    ['no samples', (folder) => rmSync(join(folder, SAMPLES_FILE)), /samples\.ndjson is missing/],
    ['a torn run.json', (folder) => truncate(folder), /run\.json is not JSON/],
    ['run.json of another kind', (folder) => writeFileSync(join(folder, RUN_FILE), '[]'), /schema undefined/],
    ['run.json of null', (folder) => writeFileSync(join(folder, RUN_FILE), 'null'), /schema undefined/],
    ['a later schema', (folder) => change(folder, { schema: 99 }), /schema 99; this program reads 2/],
    ['a wrong state', (folder) => change(folder, { state: 'asleep' }), /run\.json: state: /],
    [
      'a wrong field deep inside',
      (folder) => change(folder, { host: { hash: 1 } }),
      /run\.json: host\.hash: /,
    ],
  ])('%s is wrong use, said in one line', (_, spoil, message) => {
    const run = smallRun()
    const folder = written(run, [sampleOf(run, 0)])
    spoil(folder)
    const error = benchErrorOf(() => [...readRun(folder).samples])
    expect(error.exitCode).toBe(2)
    expect(error.message).toMatch(message)
    expect(error.message).not.toContain('\n')
  })

  test('nothing is changed by reading', () => {
    const folder = written()
    const before = readdirSync(folder)
    readRun(folder)
    expect(readdirSync(folder)).toEqual(before)
    expect(existsSync(join(folder, `${RUN_FILE}.tmp`))).toBe(false)
  })
})

/** Returns the least number that is not zero: a logarithmic axis from there has no end. */
function tinyPhase(): string {
  const sample = sampleOf(smallRun(), 0)
  return JSON.stringify({ ...sample, phases: { ...sample.phases, write: Number.MIN_VALUE } })
}

function truncate(folder: string): void {
  const path = join(folder, RUN_FILE)
  writeFileSync(path, readFileSync(path, 'utf8').slice(0, 100))
}

function change(folder: string, changes: object): void {
  const path = join(folder, RUN_FILE)
  writeFileSync(path, JSON.stringify({ ...(JSON.parse(readFileSync(path, 'utf8')) as object), ...changes }))
}

function prepend(folder: string, line: string): void {
  const path = join(folder, SAMPLES_FILE)
  const rest = readFileSync(path, 'utf8')
  writeFileSync(path, `${line}\n`)
  appendFileSync(path, rest)
}
