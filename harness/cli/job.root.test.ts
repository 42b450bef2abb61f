/** The hidden command `__job` as a controller calls it, with this machine as the host. */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { jobEventSchema, type JobEvent } from '../contracts/job.ts'
import type { Request } from '../plan/request.ts'
import { readRun } from '../results/run-folder.ts'
import { isRoot } from '../testing/scratch-file.ts'
import { makePlace, type Place } from './testing/bench.ts'
import { runFoldersOn, samplesIn } from './testing/hosts.ts'
import { waitFor } from './testing/leftovers.ts'
import { localJob } from './testing/local-job.ts'

const PROGRAM = resolve(import.meta.dirname, '../../dist/harness/main.js')
const SECONDS = 60
const REQUEST: Request = {
  driver: ['bare'],
  scenario: ['bigfile'],
  controls: 'off',
  calibration: 'none',
  set: { size: ['1M'], depth: ['0'] },
}
const ENDLESS = { ...REQUEST, rounds: '100000' }

describe.skipIf(!isRoot)('a job', () => {
  let place: Place
  let directory: string

  beforeAll(() => {
    place = makePlace()
    directory = place.at('bench')
  })
  afterAll(() => place[Symbol.dispose]())

  function job(verb: string, words: readonly string[] = [], input = '') {
    const all = [PROGRAM, '__job', verb, directory, ...words]
    return spawnSync(process.execPath, all, { input, encoding: 'utf8', timeout: SECONDS * 1000 })
  }
  const begin = (id: string, request: Request) => {
    const asked = { id, owner: 'someone@somewhere', ...localJob(directory, request) }
    const { stdout } = job('begin', [], JSON.stringify(asked))
    return JSON.parse(stdout) as { job?: string; error?: { code: string; message: string; hint: string } }
  }
  const eventsOf = (stdout: string): JobEvent[] =>
    stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => jobEventSchema.parse(JSON.parse(line)))
  const textOf = (events: readonly JobEvent[]) =>
    events.map((event) => (event.type === 'samples' ? event.text : '')).join('')
  const onHost = () => samplesIn(runFoldersOn({ directory }).at(-1) ?? null)
  const pidOf = (id: string) =>
    (JSON.parse(readFileSync(join(directory, 'jobs', id, 'process.json'), 'utf8')) as { pid: number }).pid

  test('is detached, is followed to its end, and what is asked for again is only what is not there', () => {
    expect(begin('first', { ...REQUEST, rounds: '2' })).toEqual({ job: 'first' })
    const events = eventsOf(job('follow', ['first', '--samples-from', '0']).stdout)
    expect(events[0]).toEqual({ type: 'state', state: 'running' })
    expect(events.at(-1)).toEqual({ type: 'end', exitCode: 0, error: null })
    const whole = onHost()
    expect(textOf(events)).toBe(whole)
    const run = events.findLast((event) => event.type === 'run')
    expect(run).toMatchObject({ run: { state: 'completed' } })

    const middle = whole.indexOf('\n') + 1
    const rest = eventsOf(job('follow', ['first', '--samples-from', String(middle)]).stdout)
    expect(textOf(rest)).toBe(whole.slice(middle))
    expect(rest.find((event) => event.type === 'samples')).toMatchObject({ offset: middle })
    // Begun again, after an answer that was lost, it is not measured again.
    expect(begin('first', REQUEST)).toEqual({ job: 'first' })
    expect(onHost()).toBe(whole)
  })

  test('is the only one on its host, and outlives its followers', async () => {
    begin('second', ENDLESS)
    const follower = spawn(process.execPath, [PROGRAM, '__job', 'follow', directory, 'second'])
    await new Promise((heard) => follower.stdout.once('data', heard))
    follower.kill('SIGKILL')
    await waitFor(
      'a sample of it',
      SECONDS,
      () => runFoldersOn({ directory }).length === 2 && onHost() !== '',
    )
    const { error } = begin('third', REQUEST)
    expect(error).toMatchObject({ code: 'host.taken' })
    expect(error?.message).toMatch(/in use by job second of someone@somewhere, since \d{4}-/)
    expect(existsSync(join(directory, 'jobs/third'))).toBe(false)
    expect(begin('second', ENDLESS)).toEqual({ job: 'second' })
  })

  test('that was killed is reported as died, its run as interrupted, and the next one cleans up after it', async () => {
    process.kill(pidOf('second'), 'SIGKILL')
    const scratch = join(directory, 'state/bench/scratch')
    expect(readdirSync(scratch)).toHaveLength(1)
    const events = eventsOf(job('follow', ['second']).stdout)
    expect(events).toContainEqual({ type: 'state', state: 'died' })
    expect(events.at(-1)).toMatchObject({ type: 'end', exitCode: 5, error: { message: /killed/ } })
    expect(textOf(events)).toBe(onHost())
    expect(readRun(runFoldersOn({ directory }).at(-1) ?? '').run.state).toBe('interrupted')

    expect(begin('third', ENDLESS)).toEqual({ job: 'third' })
    expect(readFileSync(join(directory, 'jobs/third/output.log'), 'utf8')).toMatch(
      /did not clean up after itself/,
    )
    await waitFor('its scratch alone', SECONDS, () => readdirSync(scratch).length === 1)
  })

  test('stops in order when it is asked to, and then there is nothing to ask', async () => {
    await waitFor('a sample', SECONDS, () => runFoldersOn({ directory }).length === 3 && onHost() !== '')
    expect(JSON.parse(job('stop', ['third']).stdout)).toEqual({ asked: true })
    const events = eventsOf(job('follow', ['third']).stdout)
    expect(events.at(-1)).toMatchObject({ type: 'end', exitCode: 130 })
    expect(textOf(events)).toBe(onHost())
    expect(readdirSync(join(directory, 'state/bench/journal'))).toEqual([])
    await waitFor('the end of its process', SECONDS, () => !existsSync(`/proc/${pidOf('third')}`))
    expect(JSON.parse(job('stop', ['third']).stdout)).toEqual({ asked: false })
    const { jobs } = JSON.parse(job('status').stdout) as { jobs: object[] }
    expect(jobs).toMatchObject([
      { id: 'first', owner: 'someone@somewhere', state: 'ended', exitCode: 0 },
      { id: 'second', state: 'ended', exitCode: 5 },
      { id: 'third', state: 'ended', exitCode: 130 },
    ])
  })

  test('that cannot be measured says why', () => {
    begin('wrong', { ...REQUEST, device: '/dev/null' })
    const events = eventsOf(job('follow', ['wrong']).stdout)
    expect(events.at(-1)).toMatchObject({ type: 'end', error: { message: /\/dev\/null/ } })
    expect(events.some((event) => event.type === 'run')).toBe(false)
  })

  test('that nobody began cannot be followed', () => {
    const { status, stderr } = job('follow', ['nothing'])
    expect(status).toBe(2)
    expect(stderr).toMatch(/^bench: there is no job nothing on this host\n$/)
  })
})
