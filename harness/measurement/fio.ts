/** fio's job file and its JSON. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { BenchError, ExitCode, messageOf } from '../contracts/error.ts'
import type { Host } from '../contracts/host.ts'
import type { FioJob, FioResult } from '../contracts/scenario.ts'

const NANOSECOND = 1e-9
const MILLISECOND = 1e-3
const FIO_SECONDS = 600

// fio's HOWTO, "JSON output": completion latencies are in nanoseconds, runtimes in milliseconds.
const latencySchema = z.object({ percentile: z.record(z.string(), z.number()).optional() })
const directionSchema = z.object({
  iops: z.number(),
  io_bytes: z.number(),
  runtime: z.number(),
  clat_ns: latencySchema,
})
const outputSchema = z.object({
  jobs: z.array(
    z.object({
      jobname: z.string(),
      error: z.number(),
      read: directionSchema,
      write: directionSchema,
      sync: z.object({ lat_ns: latencySchema }).optional(),
      steadystate: z.object({ data: z.object({ iops: z.array(z.number()) }) }).optional(),
    }),
  ),
})

export function fioJobFile(jobs: readonly FioJob[]): string {
  return jobs
    .map((job) =>
      [
        `[${job.name}]`,
        ...Object.entries(job.options).map(([key, value]) => `${key}=${value}`),
        'stonewall',
      ].join('\n'),
    )
    .join('\n\n')
    .concat('\n')
}

/** fio may print notes before its JSON, so the document begins at the first brace that opens a line. */
export function parseFioOutput(text: string): FioResult[] {
  const begin = text.search(/^\{/m)
  let parsed: z.infer<typeof outputSchema>
  try {
    parsed = outputSchema.parse(JSON.parse(text.slice(begin)))
  } catch (error) {
    throw new BenchError(`fio's JSON could not be read: ${messageOf(error).split('\n')[0]}`, {
      code: 'fio.output',
      exitCode: ExitCode.cellFailed,
    })
  }
  return parsed.jobs.map((job) => {
    if (job.error !== 0) {
      throw new BenchError(`fio's job ${job.jobname} failed with errno ${job.error}`, {
        code: 'fio.job',
        exitCode: ExitCode.cellFailed,
      })
    }
    const direction = job.write.io_bytes > 0 ? job.write : job.read
    const sync = seconds(job.sync?.lat_ns)
    return {
      iops: direction.iops,
      bytes: direction.io_bytes,
      runtime: direction.runtime * MILLISECOND,
      clat: seconds(direction.clat_ns),
      ...(Object.keys(sync).length === 0 ? {} : { sync }),
      ...(job.steadystate === undefined ? {} : { perSecond: job.steadystate.data.iops }),
    }
  })
}

/** fio names percentiles `99.900000`. */
function seconds(latency: z.infer<typeof latencySchema> | undefined): Record<string, number> {
  const percentiles = Object.entries(latency?.percentile ?? {})
  return Object.fromEntries(percentiles.map(([rank, value]) => [String(Number(rank)), value * NANOSECOND]))
}

/**
 * Runs the jobs one after the other in one fio process; results in the jobs' order. `directory`: where their files lie,
 * null when the jobs name a device. `scratch` takes the job file. `joins`: files of cgroups to which the process writes its number.
 */
export async function runFio(
  host: Pick<Host, 'run'>,
  jobs: readonly FioJob[],
  directory: string | null,
  scratch: string,
  joins: readonly string[] = [],
): Promise<FioResult[]> {
  const file = join(scratch, 'job.fio')
  writeFileSync(file, fioJobFile(jobs))
  const where = directory === null ? [] : [`--directory=${directory}`]
  const args = ['--output-format=json', '--percentile_list=50:95:99:99.9', ...where, file]
  const [program, ...words] = [...inCgroups(joins), 'fio', ...args] as [string, ...string[]]
  const { stdout } = await host.run(program, words, { cwd: scratch, timeout: FIO_SECONDS })
  return parseFioOutput(stdout)
}

/** Returns the words before a command that is to be in these cgroups: a shell, in whose place the command comes. */
function inCgroups(joins: readonly string[]): string[] {
  if (joins.length === 0) return []
  const enter = joins.map((path) => `echo $$ > ${path}`).join(' && ')
  return ['sh', '-c', `${enter} && exec "$@"`, 'sh']
}
