/** `bench host fetch NAME [JOB]`: what a job has measured up to now, without following it; its jobs where none is named. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { BenchError, ExitCode, messageOf, usageError } from '../../contracts/error.ts'
import type { ListedJob } from '../../contracts/job.ts'
import { makeBundle, type Bundle } from '../../remote/fleet/bundle.ts'
import { openHostStore, type HostStore } from '../../remote/fleet/host-store.ts'
import { installBundle } from '../../remote/fleet/install-bundle.ts'
import { followJob, listJobs } from '../../remote/fleet/remote-job.ts'
import { suggestion } from '../../plan/suggest.ts'
import { readRun, RUN_FILE } from '../../results/run-folder.ts'
import { connectTo, type Connection } from '../../remote/ssh/connection.ts'
import { plainTable } from '../../terminal/text-table.ts'
import type { Context } from '../context.ts'
import { printReport } from '../report.ts'
import { writeReport } from '../write-report.ts'
import { selectHosts } from './select-hosts.ts'

export interface FetchFlags {
  output?: string
  json?: true
}

/** Returns the exit code: done, whatever became of the job. */
export async function fetchJob(
  name: string,
  id: string | undefined,
  flags: FetchFlags,
  context: Context,
): Promise<number> {
  const { hosts } = await selectHosts({ host: [name] })
  const bundle = await makeBundle()
  for (const host of hosts) {
    await using connection = connectTo(host)
    await installBundle(connection, bundle)
    const jobs = await listJobs(connection, bundle)
    if (id === undefined) {
      context.stdout.write(flags.json ? `${JSON.stringify({ jobs })}\n` : tableOf(host.name, jobs))
      continue
    }
    const known = jobs.map((job) => job.id)
    if (!known.includes(id))
      throw usageError('no-job', `${host.name} has no job ${id}`, suggestion(id, known))
    const folder = resolve(flags.output ?? 'bench-runs', id)
    await downloadRun(connection, bundle, id, folder)
    await draw(folder, id, flags, context)
  }
  return ExitCode.done
}

/** Downloads only what is not here yet. */
async function downloadRun(
  connection: Connection,
  bundle: Bundle,
  id: string,
  folder: string,
): Promise<void> {
  using store = openOutput(folder)
  await followJob(connection, bundle, id, {
    samplesFrom: store.length,
    once: true,
    onEvent(event) {
      if (event.type === 'samples') store.append(event.offset, event.text)
      if (event.type === 'run') store.writeRun(event.run)
    },
  })
}

/** Throws a usage error where nothing can be written in the folder: another output would do. */
function openOutput(folder: string): HostStore {
  try {
    return openHostStore(folder)
  } catch (error) {
    const hint = 'give a folder that can be written: --output DIR'
    throw usageError('output', `${folder} cannot be written: ${messageOf(error)}`, hint)
  }
}

/** A run that goes on over there is drawn as one that goes on. */
async function draw(folder: string, id: string, { json }: FetchFlags, context: Context): Promise<void> {
  if (!existsSync(join(folder, RUN_FILE))) {
    throw new BenchError(`job ${id} has measured nothing`, {
      code: 'job.no-run',
      hint: 'bench host fetch NAME lists its jobs and how they ended',
      exitCode: ExitCode.hostNotReady,
    })
  }
  const { run, samples } = readRun(folder)
  const drawn = await context.summarize(run, samples)
  const path = writeReport(folder, drawn)
  if (json) context.stdout.write(`${JSON.stringify({ run: folder, rows: drawn.rows })}\n`)
  else printReport(drawn, path, context)
}

function tableOf(host: string, jobs: readonly ListedJob[]): string {
  if (jobs.length === 0) return `${host} has no jobs\n`
  const rows = jobs.map(({ id, begunAt, owner, state, exitCode }) => [
    id,
    begunAt,
    owner,
    exitCode === null ? state : `${state} with ${exitCode}`,
  ])
  return `${plainTable(['job', 'begun', 'by', 'state'], rows)}\n`
}
