/** Lives of containers as an engine carries them out: its own calls take the place of an OCI runtime's commands. */

export interface EngineContainer {
  /** Unique on the host. */
  readonly id: string
  /** An OCI config.json as text, whose root is the absolute path of a mounted container. */
  readonly config: string
  /** OCI runtime that the engine is to call, in PATH. */
  readonly runtime: string
  /** Folder in which that keeps its state. */
  readonly state: string
  /** A fifo that takes the container's standard output. It exists, and its reading end is open. */
  readonly stdout: string
}

export interface EngineRuntime {
  /** Creates a container; its process waits to be started. */
  create(container: EngineContainer): Promise<void>
  /** Starts the process and returns its number. */
  start(id: string): Promise<number>
  /** Resolves when the process has ended. */
  ended(id: string): Promise<void>
  /** Deletes a container whose process has ended: afterwards the engine knows nothing of it, and all output is in the fifo. */
  delete(id: string): Promise<void>
  /** Ends and deletes what there may be of a container. */
  abandon(id: string): Promise<void>
}
