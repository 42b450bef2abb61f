/** Types of the run on one host of a fleet, from the login to its end. */
import type { FleetHost } from '../../contracts/fleet.ts'
import type { JobRequest } from '../../contracts/job.ts'
import type { RemoteHost } from '../../contracts/remote-host.ts'
import type { Connection } from '../ssh/connection.ts'
import type { Bundle } from './bundle.ts'
import type { Patience } from './patience.ts'

/** Work of one host. */
export interface HostShare {
  host: RemoteHost
  /** The job's id. */
  job: string
  /** Returns the job for the host; called if its run has not begun. Throws if the plan cannot be measured there. */
  request(): JobRequest
  bundle: Bundle
  /** Path of its run folder here. */
  folder: string
  /** Whether its run was begun before and is only followed. */
  begun: boolean
  /** Seconds of each step so far. */
  seconds: Readonly<Record<string, number>>
  /** Seconds for which a lost connection is retried. */
  patience: number
}

/** Signals from the person at the controller, and the limit on hosts that are set up at once. */
export interface FleetControls {
  /** Aborted when the runs have to stop in order. */
  stop: AbortSignal
  /** Aborted when the controller ends; the runs go on. */
  leave: AbortSignal
  inTurn: <T>(setUp: () => Promise<T>) => Promise<T>
}

/** Gets what happens on a host. */
export interface Listener {
  changed(changes: Partial<FleetHost>): void
  /** Called with the number of samples downloaded. */
  samples(count: number): void
  /** A line for a person. */
  said(text: string): void
}

/** A share that is being carried out. */
export interface HostTask {
  readonly share: HostShare
  readonly controls: FleetControls
  readonly listener: Listener
  readonly connection: Connection
  readonly patience: Patience
  /** Seconds of each step: connect, bundle, begin, measure, fetch. */
  readonly seconds: Record<string, number>
}
