/**
 * The hidden command `__job`: what a controller asks of a host, and the detached process of a job. Its words are a verb, the
 * host's bench_directory, and what the verb needs.
 */
import { appendFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { BenchError, ExitCode, usageError } from '../contracts/error.ts'
import { toData } from '../contracts/error-data.ts'
import { JOB_COMMAND } from '../contracts/hidden-commands.ts'
import { jobRequestSchema, type JobEvent } from '../contracts/job.ts'
import { begin } from '../remote/job/begin.ts'
import { measureJob } from '../remote/job/measure-job.ts'
import { follow } from '../remote/job/follow.ts'
import { jobFolder, stateHome } from '../remote/job/job-folder.ts'
import { listJobs, stopJob } from '../remote/job/jobs.ts'
import { removeOldBundles } from '../remote/job/old-bundles.ts'
import { clean } from './clean.ts'
import type { Context } from './context.ts'
import { requireRoot } from './namespace.ts'
import { measureHere } from './measure-here.ts'

type Verb = (directory: string, words: readonly string[], context: Context) => Promise<number>

const VERBS: Readonly<Record<string, Verb>> = {
  begin: answered(beginJob),
  run: runJob,
  follow: followJob,
  status: answered((directory) => Promise.resolve({ jobs: listJobs(directory) })),
  stop: answered((directory, [id = '']) => Promise.resolve({ asked: stopJob(directory, id) })),
}

export async function jobCommand(words: readonly string[], context: Context): Promise<number> {
  const [name = '', directory, ...rest] = words
  const verb = VERBS[name]
  if (verb === undefined || directory === undefined) {
    throw usageError('job', `${JOB_COMMAND} ${name} is an internal command`, 'bench host --help')
  }
  process.env['XDG_STATE_HOME'] = stateHome(directory)
  return verb(directory, rest, context)
}

/** A verb whose answer is one line of JSON, the error that it throws, too: the controller prints it as its own. */
function answered(
  work: (directory: string, words: readonly string[], context: Context) => Promise<object>,
): Verb {
  return async (directory, words, context) => {
    const answer = await work(directory, words, context).catch((error: unknown) => {
      if (!(error instanceof BenchError)) throw error
      return { error: toData(error) }
    })
    context.stdout.write(`${JSON.stringify(answer)}\n`)
    return ExitCode.done
  }
}

async function beginJob(directory: string, _: readonly string[], context: Context): Promise<object> {
  requireRoot('a run')
  const request = jobRequestSchema.parse(JSON.parse(await textOf(process.stdin)))
  const own = context.program.at(-1) ?? ''
  await begin({
    directory,
    request,
    clean: () => cleanUp(directory, request.id, own),
    command: [process.execPath, ...context.program, JOB_COMMAND, 'run', directory, request.id],
  })
  return { job: request.id }
}

/** Removes leftovers, and writes what it removed to the job's own log. */
async function cleanUp(directory: string, id: string, own: string): Promise<void> {
  removeOldBundles(directory, bundleOf(own))
  const { output } = jobFolder(directory, id)
  const log = { write: (text: string) => appendFileSync(output, text) }
  await clean({ stdout: log, stderr: log })
}

/** `…/bundle/HASH/dist/harness/main.js` → HASH. */
function bundleOf(main: string): string {
  return basename(join(main, '../../..'))
}

async function runJob(directory: string, [id = '']: readonly string[], context: Context): Promise<number> {
  return measureJob(directory, id, async ({ plan, command }, output) => {
    const { exitCode, error } = await measureHere(
      plan,
      { output, command },
      { json: false, quiet: false },
      context,
    )
    return { exitCode, error: error === null ? null : { message: error.message, hint: error.hint } }
  })
}

async function followJob(
  directory: string,
  [id = '', ...words]: readonly string[],
  context: Context,
): Promise<number> {
  const at = words.indexOf('--samples-from')
  // The reader is gone: the connection was lost, and a new follower starts again.
  context.stdout.on('error', () => process.exit(ExitCode.done))
  await follow(jobFolder(directory, id), {
    samplesFrom: at < 0 ? 0 : Number(words[at + 1]),
    once: words.includes('--once'),
    emit: (event: JobEvent) => void context.stdout.write(`${JSON.stringify(event)}\n`),
  })
  return ExitCode.done
}

async function textOf(stream: AsyncIterable<Buffer | string>): Promise<string> {
  let text = ''
  for await (const chunk of stream) text += chunk.toString()
  return text
}
