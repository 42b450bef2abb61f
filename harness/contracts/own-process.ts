/** The process that a container of the image starts: its configuration, filled in. */
export interface OwnProcess {
  /** Entrypoint and command; empty where the image names none. */
  args: readonly string[]
  /** `NAME=VALUE`. */
  env: readonly string[]
  /** Absolute. */
  cwd: string
  uid: number
  gid: number
}
