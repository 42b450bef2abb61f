/** One host of a fleet: connects, installs the bundle, begins and follows its run, downloads the results. */
import { messageOf } from '../../contracts/error.ts'
import type { FleetHost } from '../../contracts/fleet.ts'
import { connectTo } from '../ssh/connection.ts'
import { followToEnd } from './follow-to-end.ts'
import { installBundle } from './install-bundle.ts'
import type { FleetControls, HostTask, Listener, HostShare } from './host-task.ts'
import { patiently } from './patience.ts'
import { beginJob, isOfTheLink, reasonOf } from './remote-job.ts'

/** Carries out one host's share of a run. Never throws: the listener gets the reason of a failure, and the other hosts go on. */
export async function runOnHost(
  share: HostShare,
  controls: FleetControls,
  listener: Listener,
): Promise<void> {
  await using connection = connectTo(share.host)
  const patience = {
    seconds: share.patience,
    signal: controls.leave,
    async onLost(error: unknown) {
      listener.said(`${messageOf(error)}; tried again`)
      await connection.close()
    },
  }
  const task = { share, controls, listener, connection, patience, seconds: { ...share.seconds } }
  let { begun } = share
  try {
    if (!begun) {
      listener.changed({ state: 'preparing' })
      await controls.inTurn(() => setUp(task))
      begun = true
    }
    listener.changed({ state: 'running', seconds: { ...task.seconds }, reason: null, hint: null })
    const outcome = await followToEnd(task)
    listener.changed({ ...outcome, seconds: { ...task.seconds } })
  } catch (error) {
    if (controls.leave.aborted) return
    listener.changed(failureOf(error, begun, controls))
  }
}

/** Connects, installs the bundle and begins the job. Only a lost connection is retried, not a first one that fails. */
async function setUp({ share, controls, connection, patience, seconds }: HostTask): Promise<void> {
  const { bundle } = share
  const request = share.request()
  const { stop, leave } = controls
  const timed = async (what: string, work: () => Promise<unknown>) => {
    const began = performance.now()
    await patiently(work, patience)
    seconds[what] = (performance.now() - began) / 1000
  }
  stop.throwIfAborted()
  seconds['connect'] = await connection.open()
  await timed('bundle', () => installBundle(connection, bundle, leave))
  stop.throwIfAborted()
  await timed('begin', () => beginJob(connection, bundle, request, leave))
}

function failureOf(error: unknown, begun: boolean, { stop }: FleetControls): Partial<FleetHost> {
  if (!begun && stop.aborted) return { state: 'interrupted', reason: 'stopped before it began', hint: null }
  const { reason, hint } = reasonOf(error)
  if (!begun || !isOfTheLink(error)) return { state: 'failed', reason, hint }
  return {
    state: 'unreachable',
    reason,
    hint: 'it may still be measuring: bench host attach follows it again',
  }
}
