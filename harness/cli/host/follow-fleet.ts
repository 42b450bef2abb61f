/**
 * A fleet is taken to its end before a person's eyes: progress, Ctrl-C, reports, exit code. Of `run --host` and `host
 * attach`.
 */
import { constants, hostname, userInfo } from 'node:os'
import { exitCodeForSignal } from '../../contracts/error.ts'
import type { HostJob } from '../../contracts/job.ts'
import type { RemoteHost } from '../../contracts/remote-host.ts'
import { makeBundle } from '../../remote/fleet/bundle.ts'
import { hostFolder, readFleet, type FleetFolder } from '../../remote/fleet/fleet-folder.ts'
import { countSamples } from '../../remote/fleet/host-store.ts'
import { runOnFleet } from '../../remote/fleet/run-on-fleet.ts'
import { durationOf, type HostsAsked } from '../../plan/request.ts'
import { widthOf, type Context, type RunFlags } from '../context.ts'
import { useColor } from '../../terminal/color.ts'
import { drawFleet } from '../fleet-report.ts'
import { writeReport } from '../write-report.ts'
import { onSignal } from '../on-signal.ts'
import { worstExitCode } from './worst-exit-code.ts'
import { hostTable } from './host-table.ts'
import { createFleetProgress } from './fleet-progress.ts'

export interface FollowFleet {
  folder: FleetFolder
  hosts: readonly RemoteHost[]
  /** Returns what a host is asked to measure. Throws where that cannot be measured there. */
  jobFor(host: RemoteHost): HostJob
  /** Seconds. */
  patience: number
  flags: RunFlags
  context: Context
}

const DEFAULT_PATIENCE = '2m'

/** Returns the seconds for which a lost link is tried again. */
export function patienceOf({ patience }: HostsAsked): number {
  return durationOf('--patience', patience ?? DEFAULT_PATIENCE)
}

export async function followFleet(inputs: FollowFleet): Promise<number> {
  const { folder, hosts, jobFor, patience, flags, context } = inputs
  const progress = await createFleetProgress(
    context,
    flags.quiet,
    hosts.map(({ name }) => name),
  )
  using asked = listenForStop(context)
  try {
    const bundle = await makeBundle()
    await runOnFleet({
      folder,
      hosts,
      bundle,
      jobFor,
      owner: `${userInfo().username}@${hostname()}`,
      patience,
      stop: asked.stop,
      leave: asked.leave,
      onHost: (name, news) => progress.show(name, news),
    })
  } finally {
    progress.finish()
  }
  if (asked.leave.aborted) {
    const going = folder.fleet.hosts.filter(({ state }) => state === 'running').length
    context.stderr.write(
      `${going} of ${folder.fleet.hosts.length} hosts go on measuring; ${attachHint(folder.path)}\n`,
    )
  } else await printResult(inputs)
  const signal = asked.signal()
  return signal === null ? worstExitCode(folder.fleet.hosts) : exitCodeForSignal(constants.signals[signal])
}

/** The first signal asks the runs to stop in order, the second leaves them alone; one that comes later ends nothing. */
function listenForStop(context: Context) {
  const [stop, leave] = [new AbortController(), new AbortController()]
  let signal: NodeJS.Signals | null = null
  const unregister = onSignal((received) => {
    if (signal === null) {
      stop.abort()
      context.stderr.write('asking the hosts to stop; once more leaves them to themselves\n')
    } else leave.abort()
    signal ??= received
  })
  return { stop: stop.signal, leave: leave.signal, signal: () => signal, [Symbol.dispose]: unregister }
}

const attachHint = (path: string) => `bench host attach ${path} follows them again`

async function printResult({ folder: { path }, flags, context }: FollowFleet): Promise<void> {
  const { stdout, stderr } = context
  const drawn = await drawFleet(path, context)
  const page = writeReport(path, drawn)
  const { hosts } = readFleet(path)
  const table = hostTable(hosts, (name) => countSamples(hostFolder(path, name)))
  if (flags.json) {
    stdout.write(`${JSON.stringify({ fleet: path, rows: drawn.rows })}\n`)
    if (!flags.quiet) stderr.write(table)
  } else {
    const terminal = drawn.terminal(widthOf(stdout), useColor(stdout))
    stdout.write(`${terminal}\n\n${table}\n${page}\n`)
  }
  if (hosts.some(({ state }) => state === 'unreachable')) {
    stderr.write(`bench: some hosts may still be measuring: ${attachHint(path)}\n`)
  }
}
