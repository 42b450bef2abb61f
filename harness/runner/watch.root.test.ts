import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createHost } from '../host/index.ts'
import { openJournal } from '../journal/journal.ts'
import { createRunFolder, openSamples, samplesOf, writeRun } from '../results/run-folder.ts'
import { HANGS as IN_A_CHILD, IGNORES_SIGNALS, putProgram } from '../testing/put-program.ts'
import { isRoot, MIB, testHost } from '../testing/scratch-file.ts'
import { sampleOf, smallPlan, smallRun } from '../testing/small-run.ts'
import { watch, type WatchInputs } from './watch.ts'

let folder: string
let output: string
let runFolder: string
let scratch: string
let journals: string

const RUN = '20260131-142501-k3x9'

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-test-watch-'))
  output = join(folder, 'output')
  runFolder = join(output, 'run')
  scratch = join(folder, RUN)
  journals = join(folder, 'journal')
  for (const path of [output, scratch]) mkdirSync(path)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Says that it measures a cell, then nothing more. */
const HANGS = `
process.send({ type: 'ready' })
process.on('message', ({ type }) => {
  if (type === 'job') process.send({ type: 'trial', cell: 'the cell', round: 0, done: 1, left: null })
})
`

/** Watches a measuring process, with the folder `scratch` in its journal; returns the result, and whether that is gone. */
async function watching(program: string, inputs: Partial<WatchInputs> = {}, begin = () => undefined as void) {
  const path = join(folder, 'program.mjs')
  writeFileSync(path, program)
  if (!existsSync(runFolder)) createRunFolder(output, { ...smallRun(), id: 'run' })
  const journal = openJournal(journals, RUN, [folder])
  journal.record({ kind: 'directory', path: scratch })
  begin()
  try {
    return await watch({
      program: [path],
      job: {
        plan: smallPlan(),
        device: null,
        runId: RUN,
        runFolder,
        directory: folder,
        journalDirectory: journals,
        resumed: null,
      },
      run: { ...smallRun(), state: 'running' },
      journal,
      host: createHost(journal),
      onMessage: () => undefined,
      onSignal: () => () => undefined,
      ...inputs,
    })
  } finally {
    journal.close()
  }
}

function expectNothingLeft(): void {
  expect(existsSync(scratch)).toBe(false)
  expect(readdirSync(journals)).toEqual([])
}

test('a measuring process that hangs is ended, and the run says at what', async () => {
  const result = await watching(HANGS, { silenceMilliseconds: 2000 })
  expect(result.error).toMatchObject({ code: 'runner.silent' })
  expect(result.error?.message).toContain('at the cell')
  expect(result.run.state).toBe('failed')
  expectNothingLeft()
})

/** Says every 0.2 s that it measures a cell. */
const TALKS = `
process.send({ type: 'ready' })
const trial = { type: 'trial', cell: 'the cell', round: 0, done: 1, left: null }
process.once('message', () => setInterval(() => process.send(trial), 200))
`

describe('a run folder that cannot be written in mid-run', () => {
  /** Expects that a run ends whose folder has one sample when `spoil` is called. */
  async function expectEnded(spoil: () => void): Promise<void> {
    const run = smallRun()
    createRunFolder(output, { ...smallRun(), id: 'run' })
    writeRun(runFolder, run)
    const samples = openSamples(runFolder)
    samples.append(sampleOf(run, 0))
    samples.close()
    const result = await watching(TALKS, {
      onMessage(message) {
        if (message.type === 'ready') spoil()
      },
    })
    expect(result.error).toMatchObject({ code: 'results.not-written', exitCode: 4, stack: null })
    expect(result.error?.message).toContain(join(runFolder, 'run.json'))
    expect(result.run.state).toBe('failed')
    expect(result.notCleaned).toEqual([])
    expectNothingLeft()
  }

  test.skipIf(!isRoot)(
    'since its disk is full, ends the run: it says so, keeps its samples and leaves nothing',
    async () => {
      const { syscalls } = testHost()
      syscalls.mount('tmpfs', output, 'tmpfs', 0, 'size=32k')
      try {
        await expectEnded(() => {
          expect(() => writeFileSync(join(runFolder, 'other'), Buffer.alloc(MIB))).toThrow('ENOSPC')
        })
        expect([...samplesOf(runFolder, smallRun())]).toHaveLength(1)
        expect(readdirSync(runFolder)).not.toContain('run.json.tmp')
      } finally {
        syscalls.umount(output)
      }
    },
  )

  test('since it was deleted, ends the run: it says so and leaves nothing', () =>
    expectEnded(() => rmSync(runFolder, { recursive: true })))

  test('since a file took its place, ends the run: it says so and leaves nothing', () =>
    expectEnded(() => {
      rmSync(runFolder, { recursive: true })
      writeFileSync(runFolder, '')
    }))
})

/** Announces a trial, and ends well when it is drawn. */
const ANNOUNCES = `
process.send({ type: 'ready' })
process.on('message', ({ type }) => {
  if (type === 'job') process.send({ type: 'trial', cell: 'the cell', round: 0, done: 0, left: null })
  if (type === 'drawn') process.send({ type: 'done', stopped: false }, () => process.exit())
})
`

test('a trial that was announced is answered when it is drawn, not before', async () => {
  const seen: string[] = []
  const result = await watching(ANNOUNCES, {
    async onMessage({ type }) {
      seen.push(`${type} begins`)
      await new Promise((next) => setImmediate(next))
      seen.push(`${type} ends`)
    },
  })
  expect(seen).toEqual([
    'ready begins',
    'ready ends',
    'trial begins',
    'trial ends',
    'done begins',
    'done ends',
  ])
  expect(result).toMatchObject({ error: null, run: { state: 'completed' } })
})

test('whatever the listener to messages throws ends the measuring process, not the program', async () => {
  const result = await watching(HANGS, {
    onMessage() {
      throw new Error('the terminal is gone')
    },
  })
  expect(result.error).toMatchObject({ code: 'bug', message: 'the terminal is gone' })
  expectNothingLeft()
})

test('a host without setpriv or unshare is not ready: said at once, and nothing is left', async () => {
  try {
    const unregistered = vi.fn<() => void>()
    const result = await watching(HANGS, { onSignal: () => unregistered }, () => {
      vi.stubEnv('PATH', join(folder, 'nothing-here'))
    })
    expect(result.error).toMatchObject({ code: 'runner.not-started', exitCode: 4, stack: null })
    expect(result.error?.message).toMatch(/could not be started: .*setpriv/)
    expect(unregistered).toHaveBeenCalledOnce()
    expectNothingLeft()
  } finally {
    vi.unstubAllEnvs()
  }
})

describe.skipIf(!isRoot)('a program that hangs before the measuring process is there', () => {
  afterEach(() => void vi.unstubAllEnvs())

  test.each([
    ['setpriv', '', IN_A_CHILD, /: setpriv(?:, sleep)?$/],
    ['unshare', '', IN_A_CHILD, /: unshare(?:, sleep)?$/],
    ['setpriv', ', ignoring signals', IGNORES_SIGNALS, /: setpriv(?:, sleep)?$/],
  ])('%s%s: the host is not ready, and nothing is left', async (name, _, script, at) => {
    const program = putProgram(join(folder, 'programs'), name, script)
    const result = await watching(HANGS, { startMilliseconds: 2000 })
    expect(result.error).toMatchObject({ code: 'runner.not-started', exitCode: 4, stack: null })
    expect(result.error?.message).toMatch(
      /^the measuring process did not start within 2 s and was killed at: /,
    )
    expect(result.error?.message).toMatch(at)
    expect(result.run.state).toBe('failed')
    expect(result.notCleaned).toEqual([])
    expect(program.started()).not.toEqual([])
    await program.expectEnded()
    expectNothingLeft()
  })

  test('Node itself: the host is not ready, and nothing is left', async () => {
    const result = await watching('setInterval(() => undefined, 1000)', { startMilliseconds: 2000 })
    expect(result.error).toMatchObject({ code: 'runner.not-started', exitCode: 4, stack: null })
    expect(result.error?.message).toMatch(/ and was killed at: unshare(?:, \S+)?$/)
    expectNothingLeft()
  })
})
