/**
 * A Linux machine as drivers, scenarios and the runner see it. Real: `harness/host`. Scripted, with a log of
 * every call in order: `harness/testing/fake-host.ts`.
 */
import type { Mount } from './snapshotter.ts'
import type { Syscalls } from './syscalls.ts'

export interface CommandOptions {
  cwd?: string
  /** Variables beside this process' own; undefined: one that the command is not to have. */
  env?: Record<string, string | undefined>
  input?: string
  /** Open files of this process that the command has as its descriptors 3, 4 … */
  descriptors?: readonly number[]
  /** Seconds. Default 120. */
  timeout?: number
  /** Exit codes that are not an error. Default: only 0. */
  accept?: readonly number[]
}

export interface CommandResult {
  exitCode: number
  stdout: string
  stderr: string
}

export interface PipeOptions extends Pick<CommandOptions, 'cwd' | 'env'> {
  /** Takes each piece of standard output, with the monotonic time (ns) at which it came. */
  hear?: (piece: string, at: bigint) => void
}

/** A process that serves until it is stopped: a FUSE daemon, qemu-storage-daemon. */
export interface Daemon {
  readonly pid: number
  /** Standard error so far, for messages. */
  stderr(): string
  /** False once it ended. */
  running(): boolean
  /** Resolves when the process has ended by itself; after `seconds` (default 10) it is killed. */
  ended(seconds?: number): Promise<void>
  /** SIGTERM, then SIGKILL. */
  stop(): Promise<void>
}

/** A process with its pipes, for a scenario that times when the first byte arrives. */
export interface Piped {
  readonly pid: number
  /** Resolves with the monotonic time (ns) at which the first byte of standard output came; rejects when it ends without. */
  firstByte: Promise<bigint>
  /**
   * Resolves with the exit code and the monotonic time (ns) when the process itself has ended, though another may
   * still hold its pipes: `runc create` hands them to the container.
   */
  exited: Promise<{ exitCode: number; at: bigint }>
  /** Resolves with the exit code once it ended and its pipes closed. */
  ended: Promise<CommandResult>
  /** Kills it, its descendants, and whatever else has its pipes open. */
  kill(): void
}

export interface LoopOptions {
  readOnly?: boolean
  /** O_DIRECT to the backing file, so that nothing is cached twice. */
  directIo?: boolean
  /** Bytes. Default 512. */
  sectorSize?: number
  /** Bytes of the backing file before the first of the device. */
  offset?: number
  /** Bytes of the device; default: to the end of the backing file. */
  size?: number
}

export interface LoopDevice {
  /** `/dev/loop3` */
  readonly device: string
  /** Detaches it; a device that a mount still holds detaches by itself at umount (LO_FLAGS_AUTOCLEAR). */
  detach(): void
}

export interface Loops {
  /**
   * Attaches a file to a free loop device, with LO_FLAGS_AUTOCLEAR and kept open by this process: when the
   * process dies and the last mount goes, the kernel detaches it.
   */
  attach(file: string, options?: LoopOptions): LoopDevice
}

/** A change to the host that a killed run leaves, and how to undo it. */
export type JournalEntry =
  | { kind: 'directory'; path: string }
  | { kind: 'file'; path: string }
  /** A mount, and all below it. */
  | { kind: 'mount'; path: string }
  /** Every loop device whose backing file lies at or below this path. */
  | { kind: 'loop'; path: string }
  /** Every device-mapper device whose name begins with this. */
  | { kind: 'device-mapper'; prefix: string }
  /** A ZFS pool, with all that lies in it. */
  | { kind: 'zpool'; name: string }
  /** A kernel parameter, given by its file, what it held before, and what it was set to. */
  | { kind: 'parameter'; path: string; value: string; set?: string | undefined }
  /** A process, with its start time in clock ticks (field 22 of /proc/PID/stat), since pids come again. */
  | { kind: 'process'; pid: number; startTime: number; name: string }
  /** Every cgroup directory with this name, in every hierarchy. */
  | { kind: 'cgroup'; name: string }
  /** A partition table of ours on a device that was given over. */
  | { kind: 'partitions'; device: string; label: string }

export interface Journal {
  /** The run's id, which the name of everything that is recorded carries. A journal that keeps nothing has none. */
  readonly run?: string
  /** Durable when it returns. Call it *before* the thing is made. */
  record(entry: JournalEntry): void
  /** Says that the thing is gone again. */
  forget(entry: JournalEntry): void
}

/** Where drivers are tried: absolute paths of folders that are there. */
export interface ProbePlace {
  /** Holds a sparse loop file: on the disk that is measured. */
  readonly files: string
  /** Holds mount points: a short path without the characters that mount options are split at. */
  readonly mounts: string
}

export interface Host {
  /** Default: the folder for temporary files. */
  readonly probePlace?: ProbePlace
  readonly syscalls: Syscalls
  readonly loops: Loops
  readonly journal: Journal
  /** `uname -r`. */
  readonly kernelRelease: string
  /** File systems that the kernel can mount now: /proc/filesystems, and a module that modprobe finds. */
  hasFilesystem(type: string): Promise<boolean>
  /** The absolute path of a program in PATH or the sbin folders, or null. */
  which(program: string): string | null
  /** Runs a command to its end. A non-accepted exit code or a time-out throws a BenchError with its stderr. */
  run(program: string, args: readonly string[], options?: CommandOptions): Promise<CommandResult>
  /** Starts a process that serves until it is stopped. */
  daemon(program: string, args: readonly string[], options?: Pick<CommandOptions, 'cwd' | 'env'>): Daemon
  /** Starts a process with its standard output watched. */
  pipe(program: string, args: readonly string[], options?: PipeOptions): Piped
  /** Mounts them in order at `target`: mount(2) in-process; a `loop` option attaches first; FUSE starts its daemon. */
  mount(mounts: readonly Mount[], target: string): Promise<void>
  /** Unmounts what {@link mount} made at `target`, and waits for a FUSE daemon to end. A busy mount throws EBUSY. */
  unmount(target: string): Promise<void>
}
