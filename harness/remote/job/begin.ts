/** A job begins: the host is taken, what a killed run left is cleaned, and the run is started detached. */
import { closeSync, ftruncateSync, readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { BenchError, ExitCode } from '../../contracts/error.ts'
import type { JobRequest } from '../../contracts/job.ts'
import { takeLock } from '../../linux/lock.ts'
import { jobFolder, stateOf, type JobFolder, type StoredJob } from './job-folder.ts'
import { launchJob } from './launch-job.ts'
import { lockPath } from './host-lock.ts'
import { replaceFile } from '../../linux/replace-file.ts'
import { makeFolders } from '../../linux/make-folders.ts'

export interface BeginInputs {
  /** The host's bench_directory. */
  directory: string
  request: JobRequest
  /** Removes what a killed run left, with the host taken. */
  clean(): Promise<void>
  /** The command line that carries the job out. */
  command: readonly string[]
}

const holderSchema = z.object({ job: z.string(), owner: z.string(), since: z.string() })
type Holder = z.infer<typeof holderSchema>

/**
 * Begins the job, or finds that it was begun: a caller that lost the connection before the answer asks again. Throws
 * `host.taken`, with who has it, while another job goes on.
 */
export async function begin({ directory, request, clean, command }: BeginInputs): Promise<void> {
  const folder = jobFolder(directory, request.id)
  makeFolders(directory, 0o755)
  const lock = await take(directory, folder)
  if (lock === null) return
  try {
    if (stateOf(folder) !== 'none') return
    makeFolders(folder.path)
    const begunAt = new Date().toISOString()
    say(lock, { job: request.id, owner: request.owner, since: begunAt })
    await clean()
    replaceFile(folder.job, `${JSON.stringify({ ...request, begunAt } satisfies StoredJob, null, 2)}\n`)
    await launchJob(command, folder, lock)
  } finally {
    // The job's process has it too, and keeps it.
    closeSync(lock)
  }
}

const MILLISECONDS_BETWEEN = 50

/** The host's lock; null when the job has it itself, and goes on. */
async function take(directory: string, folder: JobFolder): Promise<number | null> {
  for (;;) {
    const lock = takeLock(lockPath(directory))
    if (lock !== null) return lock
    const holder = readHolder(directory)
    if (holder?.job !== folder.id) throw hostTaken(holder)
    if (stateOf(folder) === 'running') return null
    // It is just being begun, or just ending.
    await sleep(MILLISECONDS_BETWEEN)
  }
}

/** Writes the holder into the lock's own file. The content means nothing while the lock is free. */
function say(lock: number, holder: Holder): void {
  ftruncateSync(lock, 0)
  writeFileSync(lock, JSON.stringify(holder))
}

/** Returns null in the moment in which another process holds the lock and has written nothing yet. */
function readHolder(directory: string): Holder | null {
  try {
    return holderSchema.parse(JSON.parse(readFileSync(lockPath(directory), 'utf8')))
  } catch {
    return null
  }
}

function hostTaken(holder: Holder | null): BenchError {
  const who = holder === null ? 'another job' : `job ${holder.job} of ${holder.owner}, since ${holder.since}`
  return new BenchError(`the host is in use by ${who}`, {
    code: 'host.taken',
    hint: 'a host runs one job at a time: wait for it, or stop it with bench host stop',
    exitCode: ExitCode.hostNotReady,
  })
}
