import type { ZodType } from 'zod'
import type { CacheState } from './cell.ts'
import type { CowUnit } from './driver.ts'
import type { EngineRuntime } from './engine-runtime.ts'
import type { Host } from './host.ts'
import type { ProfileName } from './options.ts'
import type { Image, ManifestEntry, OwnImage } from './image.ts'
import type { Phase, Tally } from './phase.ts'
import type { HiddenBy, Usage } from './snapshotter.ts'
import type { Provenance, Witness } from './witness.ts'

/** Bytes of a file. */
export interface FileRange {
  offset: number
  length: number
}

/** One container layer of a trial, from prepare to remove. The verbs are timed under their own names. */
export interface Container {
  readonly key: string
  /** Mount point. */
  readonly root: string
  /** Timed as `prepare`. */
  prepare(): Promise<void>
  /** Timed as `mount`. */
  mount(): Promise<void>
  provenance(path: string): Promise<Provenance>
  /**
   * Makes durable all that the container wrote: syncfs(2) of its mount and, since FUSE does not hand that on
   * (fs/fuse/inode.c, fuse_sync_fs), of the store's file system where the mount is a FUSE one. Not timed by itself.
   */
  sync(): void
}

/**
 * Layers that a trial makes of its containers, and containers on them. None of these verbs is timed by itself, those of the
 * containers neither: the scenario times them. What it leaves is removed after its containers, the youngest layer first, timed as
 * `remove-layers`.
 */
export interface TrialLayers {
  /** Name of the image's top layer. */
  readonly image: string
  /** False of a control, whose layers are whole copies: what others put into layers it may do in one tree. */
  readonly stacks: boolean
  /** True where a commit keeps no extended attribute but security.capability: `Store.dropsAttributes`. */
  readonly dropsAttributes: boolean
  /** Returns a container that will stand on this layer (null: on nothing), with a mount point of its own. */
  container(parent: string | null): Container
  unmount(container: Container): Promise<void>
  /** Removes an unmounted container layer. */
  remove(container: Container): Promise<void>
  /** Turns an unmounted container layer into a layer and returns its name. */
  commit(container: Container): Promise<string>
  /** Removes a layer that nothing stands on. */
  removeLayer(layer: string): Promise<void>
  /**
   * Makes durable all that was written into the store: syncfs(2) of its file system. A store without one has none to sync:
   * what its containers wrote is durable when they are unmounted.
   */
  sync(): void
  /** Returns the space of a container or of a layer as the driver tells it. */
  usage(of: Container | string): Promise<Usage>
  /** Returns the directory with all that a container changed (`Snapshotter.changes`); null: its tree has to be compared. */
  changes(container: Container): Promise<string | null>
  /** Runs `look` on a read-only view of a layer. */
  withView<T>(layer: string, look: (root: string) => T | Promise<T>): Promise<T>
}

export interface FioJob {
  name: string
  /** Options of this section: `{ rw: 'randwrite', bs: '4k', fsync: '1' }`. */
  options: Readonly<Record<string, string>>
}

/** fio's result for the writes of one job. */
export interface FioResult {
  iops: number
  /** Bytes. */
  bytes: number
  /** Seconds. */
  runtime: number
  /** Completion latency, seconds, by percentile: `50`, `95`, `99`, `99.9`. */
  clat: Readonly<Record<string, number>>
  /** Latency of the fsyncs, which clat leaves out: seconds, by the same percentiles. Absent when there were none. */
  sync?: Readonly<Record<string, number>>
  /** Operations in each of the last `ss_dur` seconds, in order; only for a job with `steadystate`. */
  perSecond?: readonly number[]
}

/** Times the phases of a trial. Nothing of ours runs between the two readings of the clock; calls of a phase add up. */
export interface TrialClock {
  /** Times synchronous work. */
  time<T>(phase: string, work: () => T): T
  /** Times asynchronous work. */
  timeAsync<T>(phase: string, work: () => Promise<T>): Promise<T>
}

/** Takes down what the trial's clock does not measure. */
export interface TrialRecord {
  /** Records a value that a tool measured, in the phase's unit. */
  value(phase: string, value: number): void
  /** Records seconds that the scenario measured by itself, since the steps of several containers overlap. */
  seconds(phase: string, seconds: number): void
  /**
   * Records the values of a repeated operation, in the order of measurement and in the phase's unit. The phase is their
   * median, and the sample keeps them all.
   */
  series(phase: string, values: readonly number[]): void
  /** Records what the reader of the result must know: data on the sample, not a line on the terminal. */
  warning(code: string, message: string): void
}

/** Files of a mounted container that a scenario has read and holds open: the descriptor of each path. */
export interface HeldFiles {
  container: Container
  files: ReadonlyMap<string, number>
}

/** The cache state of a trial. Untimed. */
export interface TrialCache {
  readonly state: CacheState
  /**
   * Settles the store, then brings these files of the mounted container into the cell's cache state and verifies it:
   * a file that cannot be looked at is a warning, one that is not in the state throws `cache.wrong`.
   * `null`: the whole image, before there is a container; warm means that another container of it was just read.
   */
  set(container: Container, paths: readonly string[] | null): Promise<void>
  /**
   * Checks what could not be looked at before the work without warming it. Throws `cache.wrong` when the cell is cold and
   * the devices have read less since the cache was set than a quarter of what is cached of these files of the first
   * container now (layers may be compressed), or nothing at all. Call it before anything else is verified.
   */
  requireColdRead(paths: readonly string[]): Promise<void>
  /**
   * Counts the page cache behind these files, each page once, and drops it. Returns the bytes that each of the containers takes and
   * none before it. Throws `cache.wrong` where a file is no longer all in the cache, `cache.not-counted` of a store that caches
   * outside the page cache.
   */
  held(containers: readonly HeldFiles[]): Promise<number[]>
}

/** Evidence that the mechanism ran and that the bytes are right. Paths are relative to the root. */
export interface TrialEvidence {
  /** The unit in which the driver says that it copies. */
  readonly cowUnit: CowUnit
  /** True where the store compresses, so that its devices see less than is written. */
  readonly compresses: boolean
  /** Block devices of the store: `/dev/loop3`. */
  readonly devices: readonly string[]
  /** Paths that the engine puts into every container where the image has none: `Store.adds`. */
  readonly adds: ReadonlySet<string>
  /** The manifest of the image, by path. */
  readonly manifest: ReadonlyMap<string, ManifestEntry>
  /** Returns the bytes written at the store's devices since the trial began. */
  bytesWritten(): number
  /** Returns the bytes by which the space used in the store has grown since the trial began. */
  allocated(): Promise<number>
  /**
   * Returns what in the layer of the first container hides a path that the image holds; null: nothing does. Undefined where the
   * driver does not stack directories.
   */
  hiddenBy(path: string): Promise<HiddenBy | null | undefined>
  /** Returns the SHA-256 of a file of the first container. */
  containerHash(path: string): Promise<string>
  /** Returns the SHA-256 of the same path in the image, through a read-only view. */
  imageHash(path: string): Promise<string>
  /** Runs `look` on a read-only view of the image. */
  withImage<T>(look: (root: string) => T): Promise<T>
  /**
   * Returns the ranges of a file of the first container that are on the disk what the same file of the image is, in order:
   * the same extents, by what the kernel's file systems record (FIEMAP), whatever the driver says. `imageRoot`: of
   * `withImage`. Empty where nothing is shared or it cannot be told.
   */
  sharedWithImage(path: string, imageRoot: string): FileRange[]
}

/** A directory of the file system that holds the store, mounted over one of a container: a driver has no part in it. */
export interface Volume {
  /** Makes durable all that was written on it: syncfs(2). */
  sync(): void
  /** Returns the file system and device at the directory by the mount table; null where they are not the store's. */
  where(): string | null
  /** Shows the container's own directory again. */
  unmount(): Promise<void>
}

/** One sample being taken: a fresh container layer, and the tools that a scenario may use. */
export interface Trial<P = unknown> {
  readonly params: P
  /** Seed of the image's bytes: the expected content of a file is computed from it. */
  readonly seed: number
  /** 0 for the first of the cell's run. */
  readonly round: number
  /** The user's own image, where the cell is on it. */
  readonly own: OwnImage | null
  readonly host: Host
  /** Starts containers as the driver's engine does; null: an OCI runtime is called directly. */
  readonly engine: EngineRuntime | null
  /** An empty folder outside the store, for bundles and sockets; removed after the trial. */
  readonly directory: string
  /** Returns a container layer over the cell's image; `index` for scenarios that run several at once. */
  container(index?: number): Container
  /**
   * Copies a directory of the mounted container to the file system that holds the store, and mounts the copy over it, as an engine
   * does with a new volume. Neither timed nor counted. Throws `scenario.no-volume` where the store has no such file system.
   */
  volume(container: Container, directory: string): Promise<Volume>
  readonly layers: TrialLayers
  /**
   * Runs fio once with these sections, one after the other, in `directory`. `phase`: what the device did and the host spent
   * meanwhile is counted under this name; fio takes the times. `joins`: files of cgroups that it writes its number to first.
   */
  fio(
    jobs: readonly FioJob[],
    directory: string,
    phase?: string,
    joins?: readonly string[],
  ): Promise<FioResult[]>
  readonly clock: TrialClock
  readonly record: TrialRecord
  readonly cache: TrialCache
  readonly evidence: TrialEvidence
}

/** Parameter values to cross with each other: `{ size: ['1M', '16M'] }`. */
export type ParamGrid = Readonly<Record<string, readonly string[]>>

export interface Footprint {
  /** Bytes of the files that a container changes, at most: a union may copy all of them. */
  changed: number
  /** Bytes that it writes, at most: what it takes beside a full copy of the image. */
  written: number
  /** How many container layers and layers of the trial's own live at once. */
  containers: number
  /** Seconds of the work itself on a modest disk, beside copying and reading files; default: none to speak of. */
  seconds?: number
}

/** `P`: its parameters. `O`: the observation that `run` hands to `verify`. */
export interface Scenario<P = unknown, O = unknown> {
  readonly meta: {
    id: string
    title: string
    /** The question that it answers, as a reader would ask it. */
    question: string
    phases: readonly Phase[]
    /** Phases of the scenario that a cell with these parameters reports; default: all. */
    phasesOf?(params: P): readonly string[]
    /** Numbers of the witness that reports show beside the counters. Absent: none. */
    tallies?: readonly Tally[]
  }
  /** Strict zod object of parameters from `units.ts`' codecs (text on the outside), each with default and description. */
  readonly params: ZodType<P, Record<string, unknown>>
  /** Parameters of each profile: every grid is crossed, and equal cells are merged. */
  readonly profiles: Readonly<Record<ProfileName, readonly ParamGrid[]>>
  /** `256 MiB`, `append-many, 4 processes`: the parameters as a person says them. */
  label(params: P): string
  /** Beginning of a sentence about a trial: `Changing one byte of a 256 MiB file`. */
  subject(params: P): string
  /** The image that a cell needs; a pure function of the parameters, the seed and the user's own image. */
  image(params: P, seed: number, own?: OwnImage | null): Image
  /**
   * Returns the parameters of each profile on the user's own image. Absent: those of the profile, with the image in place of the
   * scenario's; a scenario without a parameter `image` cannot be measured on it. `given`: values that the user has set.
   */
  onOwnImage?(own: OwnImage, profile: ProfileName, given: ParamGrid): readonly ParamGrid[]
  /** Space that containers take, for the estimate. */
  footprint(params: P, own?: OwnImage | null): Footprint
  /** Does the work and times it. Returns what it saw of it that `verify` needs. */
  run(trial: Trial<P>): Promise<O>
  /** Proves the work, untimed, with the container still mounted. Throws a BenchError `witness.*` to fail the sample. */
  verify(trial: Trial<P>, observed: O): Promise<Witness>
}
