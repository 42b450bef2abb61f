/** A plan goes out to all hosts of a fleet at once, and comes home. */
import { setMaxListeners } from 'node:events'
import type { Fleet, FleetHost } from '../../contracts/fleet.ts'
import type { HostJob } from '../../contracts/job.ts'
import type { RemoteHost } from '../../contracts/remote-host.ts'
import { limiter } from '../../linux/limiter.ts'
import type { Bundle } from './bundle.ts'
import type { FleetFolder } from './fleet-folder.ts'
import type { Control, Listener, Part } from './journey.ts'
import { takeToHost } from './take-to-host.ts'

export interface Expedition {
  folder: FleetFolder
  hosts: readonly RemoteHost[]
  bundle: Bundle
  /** Returns what a host is asked to measure. Throws where that cannot be measured there. */
  jobFor(host: RemoteHost): HostJob
  /** For the message that a host is taken: user@controller. */
  owner: string
  /** Seconds for which a lost link is tried again. */
  patience: number
  stop: AbortSignal
  leave: AbortSignal
  /** Whenever something of a host changed, or it said something. */
  onHost(name: string, news: HostNews): void
}

export interface HostNews {
  state?: FleetHost['state']
  /** Samples that are at home. */
  samples?: number
  text?: string
}

/** Logging in and unpacking the bundle take a core and the disk of the controller, too; following takes next to nothing. */
const SET_UP_AT_ONCE = 16

/** What there is nothing more to hear of. */
const OVER: ReadonlySet<FleetHost['state']> = new Set(['completed', 'failed', 'interrupted'])

/**
 * Takes the plan to every host of the fleet that is not done with it, and follows each to its end. Returns when no host is
 * followed any more; fleet.json says what became of each.
 */
export async function takeToFleet(expedition: Expedition): Promise<void> {
  const { folder, hosts, stop, leave } = expedition
  // Each host listens.
  setMaxListeners(0, stop, leave)
  const control: Control = { stop, leave, inTurn: limiter(SET_UP_AT_ONCE) }
  folder.change({ state: 'running', endedAt: null })
  const going = folder.fleet.hosts.filter(({ state }) => !OVER.has(state))
  await Promise.all(
    going.map(async (row) => {
      const host = hosts.find(({ name }) => name === row.name)
      if (host === undefined) {
        const reason = 'it is in the inventory no more'
        folder.changeHost(row.name, { state: 'failed', reason, hint: null })
        return
      }
      await takeToHost(partOf(expedition, row, host), control, listenerOf(expedition, row.name))
    }),
  )
  const state = stateOfFleet(folder.fleet)
  folder.change({ state, endedAt: state === 'running' ? null : new Date().toISOString() })
}

/** The same job may be asked for again after a controller was killed, and then is found to be going on. */
export function jobOf(fleet: string, host: string): string {
  return `${fleet}-${host}`
}

function partOf(
  { folder, bundle, jobFor, owner, patience }: Expedition,
  row: FleetHost,
  host: RemoteHost,
): Part {
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

function listenerOf({ folder, onHost }: Expedition, name: string): Listener {
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
