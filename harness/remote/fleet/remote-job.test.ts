import { EventEmitter, on } from 'node:events'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { BenchError } from '../../contracts/error.ts'
import type { JobEvent } from '../../contracts/job.ts'
import { benchErrorOfAsync } from '../../testing/errors.ts'
import type { Connection } from '../ssh/connection.ts'
import type { Bundle } from './bundle.ts'
import { followJob, listJobs } from './remote-job.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A job that says what the test has it say, and never ends. */
function followed() {
  const host = new EventEmitter()
  const connection = {
    host: { name: 'web1', directory: '/srv' },
    stream(_: unknown, { signal }: { signal: AbortSignal }) {
      async function* lines() {
        for await (const [line] of on(host, 'line', { signal })) yield line as string
      }
      return { lines: lines(), ended: new Promise(() => undefined) }
    },
  }
  const events: JobEvent[] = []
  const outcome = { error: null as unknown }
  const options = { samplesFrom: 0, onEvent: (event: JobEvent) => void events.push(event) }
  const bundle: Pick<Bundle, 'hash'> = { hash: 'abc' }
  followJob(connection as unknown as Connection, bundle as Bundle, 'job', options).catch(
    (error: unknown) => (outcome.error = error),
  )
  const say = (event: JobEvent) => host.emit('line', JSON.stringify(event))
  return { say, events, outcome }
}

test('a host that needs a minute to start the program is not taken for one that is lost', async () => {
  const { say, events, outcome } = followed()
  await vi.advanceTimersByTimeAsync(100_000)
  say({ type: 'alive' })
  await vi.advanceTimersByTimeAsync(1000)
  expect(events).toEqual([{ type: 'alive' }])
  expect(outcome.error).toBeNull()
})

test('one that spoke and then says nothing for half a minute is', async () => {
  const { say, outcome } = followed()
  await vi.advanceTimersByTimeAsync(1000)
  say({ type: 'alive' })
  await vi.advanceTimersByTimeAsync(29_000)
  expect(outcome.error).toBeNull()
  say({ type: 'alive' })
  await vi.advanceTimersByTimeAsync(29_000)
  expect(outcome.error).toBeNull()
  await vi.advanceTimersByTimeAsync(2000)
  expect(outcome.error).toMatchObject({
    code: 'ssh.unreachable',
    message: 'no answer from web1 for 30 s',
  })
})

test('one that never speaks is, in the end', async () => {
  const { outcome } = followed()
  await vi.advanceTimersByTimeAsync(181_000)
  expect(outcome.error).toMatchObject({ message: 'no answer from web1 for 180 s' })
})

/** A job whose stream has these lines and ends so. */
function streaming(lines: readonly string[], ended: () => Promise<unknown>): Connection {
  async function* each() {
    yield* lines
  }
  const host = { name: 'web1', directory: '/srv' }
  return { host, stream: () => ({ lines: each(), ended: ended() }) } as unknown as Connection
}

describe('a line that a lost link has torn', () => {
  const lost = new BenchError('web1 cannot be reached', { code: 'ssh.unreachable' })
  const follow = (lines: readonly string[], ended: () => Promise<unknown>) =>
    followJob(streaming(lines, ended), { hash: 'abc', archive: '' }, 'job', {
      samplesFrom: 0,
      once: true,
      onEvent: () => undefined,
    })
  const ALIVE = '{"type":"alive"}'
  const TORN = '{"type":"ali'

  test('is the end of that link, and no answer', async () => {
    await expect(follow([ALIVE, TORN], () => Promise.reject(lost))).rejects.toBe(lost)
  })

  test('is never taken for the end of what there is', async () => {
    const done = () => Promise.resolve({ exitCode: 0, stderr: '' })
    await expect(follow([ALIVE], done)).resolves.toBeNull()
    await expect(follow([ALIVE, TORN], done)).rejects.toMatchObject({ code: 'host.bench-failed' })
    await expect(follow([TORN, ALIVE], done)).rejects.toThrow(SyntaxError)
  })
})

const JOB = { owner: 'ada@here', begunAt: '2026-01-31T14:25:01.000Z', state: 'ended', exitCode: 0 }

/** Returns a host that answers with these jobs. */
function answering(jobs: readonly unknown[]): Connection {
  const answer = { exitCode: 0, stdout: `${JSON.stringify({ jobs })}\n`, stderr: '' }
  const host = { name: 'web1', directory: '/srv' }
  return { host, run: () => Promise.resolve(answer) } as unknown as Connection
}

test('jobs of a host are listed', async () => {
  const jobs = [{ ...JOB, id: '20260131-142501-k3x9-web1' }]
  expect(await listJobs(answering(jobs), { hash: 'abc', archive: '' })).toEqual(jobs)
})

test.each(['../../../outside', '/etc', '.', '', 'a\x1b[2J'])(
  'a host cannot give a job a name that leads out of the folder of results: %j',
  async (id) => {
    const listed = listJobs(answering([{ ...JOB, id }]), { hash: 'abc', archive: '' })
    expect(await benchErrorOfAsync(listed)).toMatchObject({
      code: 'host.bench-failed',
      exitCode: 4,
      message: expect.stringMatching(/^bench on web1 gave a wrong answer: jobs\.0\.id: /) as string,
    })
  },
)
