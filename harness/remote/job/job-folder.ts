/** Paths of a job on its host, and the content of its files. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { usageError } from '../../contracts/error.ts'
import { fileNameSchema } from '../../contracts/file-name.ts'
import { jobRequestSchema } from '../../contracts/job.ts'
import { bootId, isAlive, processIdentitySchema } from '../../linux/process.ts'
import { RUN_FILE } from '../../results/run-folder.ts'

export interface JobFolder {
  readonly id: string
  readonly path: string
  /** The request, written before its process starts. */
  readonly job: string
  /** Written by the process that carries it out, first of all. */
  readonly process: string
  /** Written last. */
  readonly end: string
  /** Standard error of the run: lines for people. */
  readonly progress: string
  /** Standard output of the run. */
  readonly output: string
  /** The folder that the run folder is made in. */
  readonly runs: string
}

/** `directory`: the host's bench_directory. */
export function jobFolder(directory: string, id: string): JobFolder {
  if (!fileNameSchema.safeParse(id).success) throw usageError('job-id', `${id} cannot be the id of a job`)
  const path = join(jobsFolder(directory), id)
  const at = (name: string) => join(path, name)
  return {
    id,
    path,
    job: at('job.json'),
    process: at('process.json'),
    end: at('end.json'),
    progress: at('progress.log'),
    output: at('output.log'),
    runs: at('run'),
  }
}

export function jobsFolder(directory: string): string {
  return join(directory, 'jobs')
}

/** Returns the XDG_STATE_HOME of jobs: all that they make on a host lies below its bench_directory. */
export function stateHome(directory: string): string {
  return join(directory, 'state')
}

const storedJobSchema = jobRequestSchema.extend({ begunAt: z.iso.datetime() })
const endSchema = z.object({
  exitCode: z.number().int(),
  error: z.object({ message: z.string(), hint: z.string().nullable() }).nullable(),
})

export type StoredJob = z.infer<typeof storedJobSchema>
export type JobEnd = z.infer<typeof endSchema>

export const readJob = (folder: JobFolder) => readDocument(folder.job, storedJobSchema)
/** Reads the fields of a job that every version of this program writes. */
export const readJobHead = (folder: JobFolder) =>
  readDocument(folder.job, storedJobSchema.pick({ owner: true, begunAt: true }))
export const readEnd = (folder: JobFolder) => readDocument(folder.end, endSchema)
const readProcess = (folder: JobFolder) => readDocument(folder.process, processIdentitySchema)

/** Returns null where there is no such file. These files are replaced whole, so one that is there is complete. */
function readDocument<T>(path: string, schema: z.ZodType<T>): T | null {
  if (!existsSync(path)) return null
  return schema.parse(JSON.parse(readFileSync(path, 'utf8')))
}

/** `died`: its process is gone and did not say how the run ended. `none`: it was never begun. */
export type JobState = 'none' | 'running' | 'ended' | 'died'

export function stateOf(folder: JobFolder): JobState {
  if (existsSync(folder.end)) return 'ended'
  if (livingProcess(folder) !== null) return 'running'
  // Between the two looks it may have written its end.
  if (existsSync(folder.end)) return 'ended'
  return existsSync(folder.process) ? 'died' : 'none'
}

/** Returns the id of the process that carries the job out, while it lives. */
export function livingProcess(folder: JobFolder): number | null {
  const identity = readProcess(folder)
  return identity !== null && isAlive(identity) ? identity.pid : null
}

/** Returns whether the host was restarted since the job's process began. */
export function wasRestarted(folder: JobFolder): boolean {
  const identity = readProcess(folder)
  return identity !== null && identity.bootId !== bootId()
}

/** Returns the run folder, as soon as there is one. A run that ends before its first sample takes it away again. */
export function findRun(folder: JobFolder): string | null {
  if (!existsSync(folder.runs)) return null
  const paths = readdirSync(folder.runs).map((name) => join(folder.runs, name))
  return paths.find((path) => existsSync(join(path, RUN_FILE))) ?? null
}
