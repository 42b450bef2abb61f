import { BenchError, ExitCode, messageOf } from '../../contracts/error.ts'
import { requireLock } from './host-lock.ts'
import { replaceFile } from '../../linux/replace-file.ts'
import { identityOf } from '../../linux/process.ts'
import { jobFolder, readJob, type JobEnd, type StoredJob } from './job-folder.ts'

/**
 * Runs the detached process of a job: it records its identity, measures, and records durably how that ended. `measure` makes
 * its run folder in `output`. Returns the exit code.
 */
export async function carryOut(
  directory: string,
  id: string,
  measure: (job: StoredJob, output: string) => Promise<JobEnd>,
): Promise<number> {
  requireLock(directory)
  const folder = jobFolder(directory, id)
  const job = readJob(folder)
  if (job === null)
    throw new BenchError(`there is no job ${id}`, { code: 'job.none', exitCode: ExitCode.usage })
  replaceFile(folder.process, JSON.stringify(identityOf(process.pid)))
  const end = await measure(job, folder.runs).catch(endOf)
  replaceFile(folder.end, `${JSON.stringify(end)}\n`)
  return end.exitCode
}

function endOf(error: unknown): JobEnd {
  if (error instanceof BenchError) {
    return { exitCode: error.exitCode, error: { message: error.message, hint: error.hint ?? null } }
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : messageOf(error)
  process.stderr.write(`bench: a bug: ${stack}\n`)
  return { exitCode: ExitCode.bug, error: { message: `a bug: ${messageOf(error)}`, hint: null } }
}
