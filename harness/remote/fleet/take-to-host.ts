/** One host's part of a fleet: reached, given the bundle, its run begun and followed, its results brought home. */
import { messageOf } from '../../contracts/error.ts'
import type { FleetHost } from '../../contracts/fleet.ts'
import { connectTo } from '../ssh/connection.ts'
import { followToEnd } from './follow-to-end.ts'
import { installBundle } from './install-bundle.ts'
import type { Control, Journey, Listener, Part } from './journey.ts'
import { patiently } from './patience.ts'
import { beginJob, isOfTheLink, reasonOf } from './remote-job.ts'

/** Never throws: a host that fails is told to the listener, with its reason, and does not concern the others. */
export async function takeToHost(part: Part, control: Control, listener: Listener): Promise<void> {
  await using connection = connectTo(part.host)
  const patience = {
    seconds: part.patience,
    signal: control.leave,
    async onLost(error: unknown) {
      listener.said(`${messageOf(error)}; tried again`)
      await connection.close()
    },
  }
  const journey = { part, control, listener, connection, patience, seconds: { ...part.seconds } }
  let { begun } = part
  try {
    if (!begun) {
      listener.changed({ state: 'preparing' })
      await control.inTurn(() => setUp(journey))
      begun = true
    }
    listener.changed({ state: 'running', seconds: { ...journey.seconds }, reason: null, hint: null })
    const outcome = await followToEnd(journey)
    listener.changed({ ...outcome, seconds: { ...journey.seconds } })
  } catch (error) {
    if (control.leave.aborted) return
    listener.changed(whatFailed(error, begun, control))
  }
}

/** What is not there at first is not waited for: patience is for a link that was there. */
async function setUp({ part, control, connection, patience, seconds }: Journey): Promise<void> {
  const { bundle } = part
  const request = part.request()
  const { stop, leave } = control
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

function whatFailed(error: unknown, begun: boolean, { stop }: Control): Partial<FleetHost> {
  if (!begun && stop.aborted) return { state: 'interrupted', reason: 'stopped before it began', hint: null }
  const { reason, hint } = reasonOf(error)
  if (!begun || !isOfTheLink(error)) return { state: 'failed', reason, hint }
  return {
    state: 'unreachable',
    reason,
    hint: 'it may still be measuring: bench host attach follows it again',
  }
}
