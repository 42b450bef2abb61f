/** `bench host doctor NAME…`: `bench doctor` on each host, side by side. */
import { z } from 'zod'
import { BenchError, ExitCode, messageOf } from '../../contracts/error.ts'
import type { RemoteHost } from '../../contracts/remote-host.ts'
import { lastLines } from '../../linux/last-lines.ts'
import { makeBundle, type Bundle } from '../../remote/fleet/bundle.ts'
import { installBundle, programOn } from '../../remote/fleet/install-bundle.ts'
import type { HostsAsked } from '../../plan/request.ts'
import { connectTo } from '../../remote/ssh/connection.ts'
import { plainTable } from '../../terminal/text-table.ts'
import { visible } from '../../terminal/visible.ts'
import type { Context } from '../context.ts'
import { selectHosts } from './select-hosts.ts'

const checkSchema = z.object({
  id: z.string(),
  title: z.string(),
  state: z.enum(['ok', 'warning', 'missing']),
  found: z.string(),
  mend: z.string().nullable(),
  needed: z.boolean(),
})
const answerSchema = z.object({ checks: z.array(checkSchema).min(1) })

/** Answer of a host, or why there is none. */
interface Examined {
  host: string
  checks: z.infer<typeof checkSchema>[]
  failed: string | null
}

/** Exit code 4 when a host cannot be reached or lacks what nothing can be measured without. */
export async function hostDoctor(asked: HostsAsked, json: boolean, context: Context): Promise<number> {
  const { hosts } = await selectHosts(asked)
  const bundle = await makeBundle()
  const examined = await Promise.all(hosts.map((host) => examine(host, bundle)))
  context.stdout.write(json ? `${JSON.stringify({ hosts: examined }, null, 2)}\n` : describe(examined))
  const ready = examined.every(
    ({ checks, failed }) =>
      failed === null && !checks.some(({ needed, state }) => needed && state === 'missing'),
  )
  return ready ? ExitCode.done : ExitCode.hostNotReady
}

/** Seconds: an emulated machine starts a container for it. */
const LONGEST = 300

async function examine(host: RemoteHost, bundle: Bundle): Promise<Examined> {
  try {
    await using connection = connectTo(host)
    await installBundle(connection, bundle)
    const scratch = ['--scratch', host.scratch ?? `${host.directory}/state/bench/scratch`]
    const args = [...programOn(host, bundle), 'doctor', '--json', ...scratch]
    const { stdout, stderr } = await connection.run(args, { timeout: LONGEST })
    return { host: host.name, checks: answerSchema.parse(parse(stdout, stderr)).checks, failed: null }
  } catch (error) {
    return { host: host.name, checks: [], failed: messageOf(error) }
  }
}

function parse(stdout: string, stderr: string): unknown {
  try {
    return JSON.parse(stdout)
  } catch (cause) {
    throw new BenchError(`bench doctor there said: ${lastLines(stderr)}`, {
      code: 'host.bench-failed',
      cause,
    })
  }
}

const MARKS = { ok: '✓', warning: '!', missing: '✗' } as const
/** Summarizes the findings; `bench doctor` there prints them in full, and the advice follows below. */
const LONGEST_CELL = 40

/** Returns a line a check, a column a host; below it what each host lacks and how that is mended. */
function describe(examined: readonly Examined[]): string {
  const titles = new Map(
    examined.flatMap(({ checks }) => checks.map(({ id, title }) => [id, title] as const)),
  )
  const rows = [...titles].map(([id, title]) => [
    title,
    ...examined.map(({ checks }) => cellOf(checks.find((check) => check.id === id))),
  ])
  const table = rows.length === 0 ? '' : `${plainTable(['', ...examined.map(({ host }) => host)], rows)}\n\n`
  const notes = examined.flatMap(({ host, checks, failed }) => [
    ...(failed === null ? [] : [`${host}: ${failed}`]),
    ...checks.flatMap(({ title, mend }) => (mend === null ? [] : [`${host}: ${title}: ${mend}`])),
  ])
  return table + notes.map((note) => `${visible(note)}\n`).join('')
}

function cellOf(check: Examined['checks'][number] | undefined): string {
  if (check === undefined) return ''
  const { state, found } = check
  return `${MARKS[state]} ${found.length > LONGEST_CELL ? `${found.slice(0, LONGEST_CELL - 1)}…` : found}`
}
