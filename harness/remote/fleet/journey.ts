/** What one host's part of a fleet works with, from the login to its end. */
import type { FleetHost } from '../../contracts/fleet.ts'
import type { JobRequest } from '../../contracts/job.ts'
import type { RemoteHost } from '../../contracts/remote-host.ts'
import type { Connection } from '../ssh/connection.ts'
import type { Bundle } from './bundle.ts'
import type { Patience } from './patience.ts'

export interface Part {
  host: RemoteHost
  /** The job's id. */
  job: string
  /** Returns what the host is asked; called where its run has not begun. Throws where that cannot be measured there. */
  request(): JobRequest
  bundle: Bundle
  /** Where its run folder is made. */
  folder: string
  /** True where its run goes on already, and is only followed. */
  begun: boolean
  /** What took how long so far. */
  seconds: Readonly<Record<string, number>>
  /** Seconds for which a lost link is tried again. */
  patience: number
}

/** What the person at the controller wants, and what bounds the hosts that are set up at once. */
export interface Control {
  /** The runs shall stop in order. */
  stop: AbortSignal
  /** The controller goes; the runs go on. */
  leave: AbortSignal
  inTurn: <T>(setUp: () => Promise<T>) => Promise<T>
}

/** Hears what becomes of it. */
export interface Listener {
  changed(changes: Partial<FleetHost>): void
  /** How many samples are at home. */
  samples(count: number): void
  /** A line for a person. */
  said(text: string): void
}

export interface Journey {
  readonly part: Part
  readonly control: Control
  readonly listener: Listener
  readonly connection: Connection
  readonly patience: Patience
  /** What took how long: connect, bundle, begin, measure, fetch. */
  readonly seconds: Record<string, number>
}
