/** The jobs of a host, as a list, and how one is asked to stop. */
import { existsSync, readdirSync } from 'node:fs'
import type { ListedJob } from '../../contracts/job.ts'
import { jobFolder, jobsFolder, livingProcess, readEnd, readJobHead, stateOf } from './job-folder.ts'

/** Oldest first: ids begin with their time. */
export function listJobs(directory: string): ListedJob[] {
  const path = jobsFolder(directory)
  const ids = existsSync(path) ? readdirSync(path).toSorted() : []
  return ids.flatMap((id) => {
    const folder = jobFolder(directory, id)
    const [job, state] = [readJobHead(folder), stateOf(folder)]
    if (job === null || state === 'none') return []
    return [
      { id, owner: job.owner, begunAt: job.begunAt, state, exitCode: readEnd(folder)?.exitCode ?? null },
    ]
  })
}

/** Asks the run to stop after the trial that is going on, as Ctrl-C does. Returns whether there was one to ask. */
export function stopJob(directory: string, id: string): boolean {
  const pid = livingProcess(jobFolder(directory, id))
  if (pid === null) return false
  process.kill(pid, 'SIGINT')
  return true
}
