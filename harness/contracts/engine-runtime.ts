/** Lives of containers as an engine carries them out: its own calls take the place of an OCI runtime's commands. */
import type { OwnProcess } from './own-process.ts'

/** What a container may use: `linux.resources` of the runtime specification (config-linux.md). */
export interface Resources {
  /** Bytes. */
  readonly memory?: { readonly limit: number; readonly swap: number }
  /** Microseconds. */
  readonly cpu?: { readonly period: number; readonly quota: number }
  /** Operations a second. */
  readonly blockIO?: {
    readonly throttleReadIOPSDevice: readonly Throttled[]
    readonly throttleWriteIOPSDevice: readonly Throttled[]
  }
}

export interface Throttled {
  readonly major: number
  readonly minor: number
  readonly rate: number
}

export interface EngineContainer {
  /** Unique on the host. */
  readonly id: string
  /** An OCI config.json as text, whose root is the absolute path of a mounted container. */
  readonly config: string
  /** The same process and limits as data, for an engine that writes a configuration of its own. Limits absent: there are none. */
  readonly process: OwnProcess
  readonly resources: Resources | undefined
  /** OCI runtime that the engine is to call, in PATH. */
  readonly runtime: string
  /** Folder in which that keeps its state. */
  readonly state: string
  /** A fifo that takes the container's standard output. It exists, and its reading end is open. */
  readonly stdout: string
  /** Takes standard output from an engine that hands it to its clients. */
  take(output: Buffer): void
}

/** A snapshot that is not prepared yet. */
export interface PlannedPlace {
  readonly key: string
  /** Name of the committed layer that it will stand on. */
  readonly parent: string
}

export interface EngineRuntime {
  /** Paths that it makes in a container that it starts where the image has none, relative to the root. Absent: there are none. */
  readonly adds?: ReadonlySet<string>
  /**
   * Says what the container of a snapshot will be, before that is prepared. An engine that mounts containers by itself makes the
   * container in `prepare` and mounts it in `start`; `mount` has then nothing to do. Absent: a container is created on a mounted
   * snapshot. Untimed.
   */
  plan?(place: PlannedPlace, container: EngineContainer): Promise<void>
  /** Creates a container; its process waits to be started. */
  create(container: EngineContainer): Promise<void>
  /** Starts the process. Returns its number; null where that means nothing in this PID namespace, and `kill` is there. */
  start(id: string): Promise<number | null>
  /** Kills the process. Absent: by its number. */
  kill?(id: string): Promise<void>
  /** Resolves when the process has ended. */
  ended(id: string): Promise<void>
  /**
   * Deletes a container whose process has ended: afterwards all output has been handed over, and the engine knows nothing of it, unless
   * it was planned: then it is unmounted, and removed with its snapshot.
   */
  delete(id: string): Promise<void>
  /** Mounts what a planned container has left at the mount point of its snapshot, read-only, to be looked at. Untimed. */
  show?(id: string): Promise<void>
  /** Ends and deletes what there may be of a container. */
  abandon(id: string): Promise<void>
}
