import { BenchError, ExitCode } from '../../contracts/error.ts'
import { BUG, toData } from '../../contracts/error-data.ts'
import { requireLock } from './host-lock.ts'
import { replaceFile } from '../../linux/replace-file.ts'
import { identityOf } from '../../linux/process.ts'
import { jobFolder, readJob, type JobEnd, type StoredJob } from './job-folder.ts'

/**
 * Runs the detached process of a job: it records its identity, measures, and records durably how that ended. `measure` makes
 * its run folder in `output`. Returns the exit code.
 */
export async function measureJob(
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
  const { code, message, hint, exitCode, stack } = toData(error)
  if (code !== BUG) return { exitCode, error: { message, hint } }
  process.stderr.write(`bench: a bug: ${stack ?? message}\n`)
  return { exitCode, error: { message: `a bug: ${message}`, hint } }
}
