/** The hidden command `__job` of a host, asked over SSH. */
import { z } from 'zod'
import { BenchError, ExitCode } from '../../contracts/error.ts'
import { errorDataSchema, fromData, toData } from '../../contracts/error-data.ts'
import { JOB_COMMAND } from '../../contracts/hidden-commands.ts'
import {
  jobEventSchema,
  listedJobSchema,
  type JobEvent,
  type JobRequest,
  type ListedJob,
} from '../../contracts/job.ts'
import { withLastLines } from '../../linux/last-lines.ts'
import type { Connection, RunOptions } from '../ssh/connection.ts'
import type { Bundle } from './bundle.ts'
import { programOn } from './install-bundle.ts'

const errorSchema = z.object({ error: errorDataSchema })
const listedSchema = z.object({ jobs: z.array(listedJobSchema) })
const stoppedSchema = z.object({ asked: z.boolean() })

export type JobEnd = Extract<JobEvent, { type: 'end' }>

/** Seconds. A begin first removes what a killed run left, and an emulated machine needs seconds to start a program. */
const LONGEST_BEGIN = 300
const LONGEST_ANSWER = 180

/** Begins the job, or finds that it was begun. Throws `host.taken` while another goes on there. */
export async function beginJob(
  connection: Connection,
  bundle: Bundle,
  request: JobRequest,
  signal?: AbortSignal,
): Promise<void> {
  const args = jobArgs(connection, bundle, 'begin')
  const input = JSON.stringify(request)
  const options = { input, timeout: LONGEST_BEGIN, ...(signal === undefined ? {} : { signal }) }
  await ask(connection, args, z.object({ job: z.string() }), options)
}

export async function listJobs(connection: Connection, bundle: Bundle): Promise<ListedJob[]> {
  return (await ask(connection, jobArgs(connection, bundle, 'status'), listedSchema)).jobs
}

/** Asks the run to stop in order. Returns whether it was still going on. */
export async function stopJob(connection: Connection, bundle: Bundle, id: string): Promise<boolean> {
  return (await ask(connection, jobArgs(connection, bundle, 'stop', id), stoppedSchema)).asked
}

export interface FollowOptions {
  samplesFrom: number
  /** Leave when everything up to now has been said. */
  once?: boolean
  signal?: AbortSignal
  onEvent(event: JobEvent): void
}

/**
 * Seconds without a word after which the link counts as lost. The host speaks every 5, once its program has begun: that
 * takes an emulated one that measures as much as a minute, and asking again would only make it start over. Until
 * then ssh itself notices a link that is cut.
 */
const LONGEST_SILENCE = 30
const LONGEST_START = 180

/**
 * Reads the events of a job to its end, or as far as there are any. Returns the end, or null where the job goes on and it
 * was asked `once`. Throws `ssh.unreachable` when the link is lost.
 */
export async function followJob(
  connection: Connection,
  bundle: Bundle,
  id: string,
  { samplesFrom, once = false, signal, onEvent }: FollowOptions,
): Promise<JobEnd | null> {
  const args = jobArgs(connection, bundle, 'follow', id, '--samples-from', String(samplesFrom))
  const silent = new AbortController()
  const wait = (seconds: number) =>
    setTimeout(() => silent.abort(lostLink(connection, seconds)), seconds * 1000)
  let timer = wait(LONGEST_START)
  const signals = [silent.signal, ...(signal === undefined ? [] : [signal])]
  const stream = connection.stream([...args, ...(once ? ['--once'] : [])], {
    signal: AbortSignal.any(signals),
  })
  let end: JobEnd | null = null
  let torn: SyntaxError | null = null
  try {
    for await (const line of stream.lines) {
      clearTimeout(timer)
      timer = wait(LONGEST_SILENCE)
      if (torn !== null) throw torn
      const event = eventOf(line)
      // A link that is lost may tear the last line; how the stream ended says so.
      if (event instanceof SyntaxError) torn = event
      if (event === null || event instanceof SyntaxError) continue
      onEvent(event)
      if (event.type === 'end') end = event
    }
    const { exitCode, stderr } = await stream.ended
    if (end !== null || (once && exitCode === 0 && torn === null)) return end
    throw failed(connection, exitCode, stderr)
  } catch (error) {
    // When the process is ended for one of these, what the stream throws speaks of that process.
    throw signals.find(({ aborted }) => aborted)?.reason ?? error
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Returns the event of a line, the error of a line that is not whole, or null: a login shell may print a greeting on standard
 * output, and every event begins with a brace.
 */
function eventOf(line: string): JobEvent | SyntaxError | null {
  if (!line.startsWith('{')) return null
  try {
    return jobEventSchema.parse(JSON.parse(line))
  } catch (error) {
    if (error instanceof SyntaxError) return error
    throw error
  }
}

function jobArgs({ host }: Connection, bundle: Bundle, verb: string, ...rest: readonly string[]): string[] {
  return [...programOn(host, bundle), JOB_COMMAND, verb, host.directory, ...rest]
}

async function ask<T>(
  connection: Connection,
  args: readonly string[],
  schema: z.ZodType<T>,
  options: RunOptions = {},
): Promise<T> {
  const { exitCode, stdout, stderr } = await connection.run(args, { timeout: LONGEST_ANSWER, ...options })
  const answer = stdout.split('\n').findLast((line) => line.startsWith('{'))
  if (exitCode !== 0 || answer === undefined) throw failed(connection, exitCode, stderr)
  const document: unknown = JSON.parse(answer)
  const refusal = errorSchema.safeParse(document)
  if (!refusal.success) return understood(connection, document, schema)
  throw fromData(refusal.data.error)
}

function understood<T>({ host }: Connection, document: unknown, schema: z.ZodType<T>): T {
  const result = schema.safeParse(document)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  throw new BenchError(
    `bench on ${host.name} gave a wrong answer: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`,
    { code: 'host.bench-failed', exitCode: ExitCode.hostNotReady },
  )
}

function failed({ host }: Connection, exitCode: number, stderr: string): BenchError {
  return new BenchError(withLastLines(`bench on ${host.name} ended with ${exitCode}`, stderr), {
    code: 'host.bench-failed',
    exitCode: ExitCode.hostNotReady,
  })
}

function lostLink({ host }: Connection, seconds: number): BenchError {
  return new BenchError(`no answer from ${host.name} for ${seconds} s`, {
    code: 'ssh.unreachable',
    exitCode: ExitCode.hostNotReady,
  })
}

/** Returns whether trying again later may help: the link, not what was asked, is at fault. */
export function isOfTheLink(error: unknown): boolean {
  return error instanceof BenchError && ['ssh.unreachable', 'ssh.timeout'].includes(error.code)
}

/** Returns the message on one line, and the hint. */
export function reasonOf(error: unknown): { reason: string; hint: string | null } {
  const { message, hint } = toData(error)
  return { reason: message.replaceAll(/\s+/g, ' '), hint }
}
