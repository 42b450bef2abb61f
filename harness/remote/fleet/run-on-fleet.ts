/** Measures a plan on all hosts of a fleet at once, and downloads the results. */
import { setMaxListeners } from 'node:events'
import type { Fleet, FleetHost } from '../../contracts/fleet.ts'
import type { HostJob } from '../../contracts/job.ts'
import type { RemoteHost } from '../../contracts/remote-host.ts'
import { limiter } from '../../linux/limiter.ts'
import type { Bundle } from './bundle.ts'
import type { FleetFolder } from './fleet-folder.ts'
import type { FleetControls, Listener, HostShare } from './host-task.ts'
import { runOnHost } from './run-on-host.ts'

/** A plan, the hosts to measure it on, and who is interested. */
export interface FleetRun {
  folder: FleetFolder
  hosts: readonly RemoteHost[]
  bundle: Bundle
  /** Returns what a host is asked to measure. Throws where that cannot be measured there. */
  jobFor(host: RemoteHost): HostJob
  /** `user@controller`, for the message that a host is in use. */
  owner: string
  /** Seconds for which a lost connection is retried. */
  patience: number
  stop: AbortSignal
  leave: AbortSignal
  /** Called when the state of a host changed, samples arrived or it sent a message. */
  onHost(name: string, news: HostNews): void
}

export interface HostNews {
  state?: FleetHost['state']
  /** Samples that are downloaded. */
  samples?: number
  text?: string
}

/** Logging in and unpacking the bundle use a core and the disk of the controller too; following uses almost nothing. */
const SET_UP_AT_ONCE = 16

/** States of a host that is done. */
const OVER: ReadonlySet<FleetHost['state']> = new Set(['completed', 'failed', 'interrupted'])

/**
 * Measures the plan on every host of the fleet that is not done with it, and follows each to its end. Returns when no host
 * is followed any longer; fleet.json says how each ended.
 */
export async function runOnFleet(run: FleetRun): Promise<void> {
  const { folder, hosts, stop, leave } = run
  // Each host adds a listener.
  setMaxListeners(0, stop, leave)
  const controls: FleetControls = { stop, leave, inTurn: limiter(SET_UP_AT_ONCE) }
  folder.change({ state: 'running', endedAt: null })
  const going = folder.fleet.hosts.filter(({ state }) => !OVER.has(state))
  await Promise.all(
    going.map(async (row) => {
      const host = hosts.find(({ name }) => name === row.name)
      if (host === undefined) {
        const reason = 'it is no longer in the inventory'
        folder.changeHost(row.name, { state: 'failed', reason, hint: null })
        return
      }
      await runOnHost(shareOf(run, row, host), controls, listenerOf(run, row.name))
    }),
  )
  const state = stateOfFleet(folder.fleet)
  folder.change({ state, endedAt: state === 'running' ? null : new Date().toISOString() })
}

/** Returns the id of a host's job: always the same, so that it is found again after a controller was killed. */
export function jobOf(fleet: string, host: string): string {
  return `${fleet}-${host}`
}

function shareOf(
  { folder, bundle, jobFor, owner, patience }: FleetRun,
  row: FleetHost,
  host: RemoteHost,
): HostShare {
  const id = jobOf(folder.fleet.id, host.name)
  return {
    host,
    job: id,
    request: () => ({ id, owner, ...jobFor(host) }),
    bundle,
    folder: folder.hostFolder(host.name),
    begun: row.state === 'running' || row.state === 'unreachable',
    seconds: row.seconds,
    patience,
  }
}

function listenerOf({ folder, onHost }: FleetRun, name: string): Listener {
  return {
    changed(changes) {
      folder.changeHost(name, changes)
      if (changes.state !== undefined) onHost(name, { state: changes.state, ...textOf(changes) })
    },
    samples: (samples) => onHost(name, { samples }),
    said: (text) => onHost(name, { text }),
  }
}

function textOf({ reason }: Partial<FleetHost>): HostNews {
  return reason == null ? {} : { text: reason }
}

function stateOfFleet({ hosts }: Fleet): Fleet['state'] {
  const states = new Set(hosts.map(({ state }) => state))
  if (states.has('running') || states.has('preparing') || states.has('pending')) return 'running'
  if (states.has('interrupted') || states.has('unreachable')) return 'interrupted'
  return states.has('failed') ? 'failed' : 'completed'
}
