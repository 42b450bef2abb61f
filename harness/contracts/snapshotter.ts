/**
 * The interface of every storage driver, in containerd's words. A *key* names an active, writable snapshot (a
 * container layer); a *name* names a committed, read-only one (an image layer).
 */
import type { BenchError } from './error.ts'
import type { EngineRuntime } from './engine-runtime.ts'
import type { Provenance } from './witness.ts'

/**
 * Instructions for mounting a snapshot: containerd's mount.Mount.
 * - `type: 'bind'`: `source` is a directory.
 * - an option `loop`: `source` is a file to attach to a loop device first (`loop=direct`: with direct I/O).
 * - `type: 'overlay'`: every option is handed to the kernel, by mount(2) where it fits a page, else fsconfig.
 * - `type: 'fuse.PROGRAM'`: PROGRAM is started in the foreground with `args` and the target appended.
 */
export interface Mount {
  type: string
  source: string
  options: readonly string[]
  /** The command line of a `fuse.PROGRAM` mount, without the target, which is appended. */
  args?: readonly string[]
}

/** Space of a snapshot alone, without its parents. */
export interface Usage {
  /** Bytes. */
  bytes: number
  /** Null where the driver cannot tell (block drivers). */
  inodes: number | null
}

/** A driver's store: what lies under all of its snapshots. */
export interface Store {
  /** A path on the backing file system, for statfs and syncfs; null for drivers that have none. */
  readonly path: string | null
  /** Block devices whose counters tell what reaches the scratch: `/dev/loop3`. */
  readonly devices: readonly string[]
  /** True where data is compressed on its way to the devices, which then see less of it. Default: false. */
  readonly compresses?: boolean
  /**
   * Paths that the engine puts into every container where the image has none, relative to the root: mount points, Docker's
   * `.dockerenv`. They are no part of the image. Absent: there are none.
   */
  readonly adds?: ReadonlySet<string>
  /** True where a commit keeps no extended attribute but security.capability. Default: false. */
  readonly dropsAttributes?: boolean
}

/** Mark in a union's container layer that hides a name of a lower layer: on the name itself, or on a directory above it. */
export type HiddenBy = 'whiteout' | 'opaque'

/** Facts about a store that belong to a sample, besides its figures. */
export interface Condition {
  /** For the witness, by name: `arcLimit`. */
  details?: Readonly<Record<string, number | string | boolean>>
  warnings?: readonly { code: string; message: string }[]
  /** Why the store no longer takes writes: the cause of any error that a container met. */
  failure?: BenchError
}

export interface Snapshotter extends AsyncDisposable {
  readonly store: Store
  /** Starts containers on mounted snapshots as the engine does. Absent: an OCI runtime is called directly. */
  readonly runtime?: EngineRuntime
  /** Makes a writable snapshot of a committed parent (null: empty). Throws `driver.exists` when the key is taken. */
  prepare(key: string, parent: string | null): Promise<readonly Mount[]>
  /** Makes a read-only snapshot of a committed parent. */
  view(key: string, parent: string): Promise<readonly Mount[]>
  /** Turns an unmounted active snapshot into a committed one. */
  commit(name: string, key: string): Promise<void>
  /** The mounts of an active snapshot, again. */
  mounts(key: string): Promise<readonly Mount[]>
  /**
   * Mounts a prepared snapshot or view at `target`, for an engine that mounts by itself: what `prepare` answered then only says
   * what kind of mount it is. Absent: the host mounts what `prepare` answered. Call `attach` of `attach.ts`, which knows either.
   */
  attach?(key: string, target: string): Promise<void>
  /** Takes away what `attach` mounted at `target`. Throws EBUSY, and leaves it mounted, when it is in use. Absent: see `attach`. */
  detach?(key: string, target: string): Promise<void>
  /**
   * Removes a snapshot. Throws `driver.busy` and leaves it whole when it is mounted or is the parent of another;
   * `driver.not-found` when it is not there.
   */
  remove(key: string): Promise<void>
  /**
   * Tells the space of a snapshot, as an engine asks for it: nothing is written back first, and what is not yet on the devices may
   * not be counted.
   */
  usage(key: string): Promise<Usage>
  /**
   * Returns the directory that holds all that an active snapshot changed, and how, as the kernel's overlay keeps it: whiteouts are
   * character devices 0:0, opaque directories have an attribute (overlayfs.rst). Null or absent: that can only be told by comparing
   * the snapshot's tree with its parent's.
   */
  changes?(key: string): Promise<string | null>
  /** Evidence for the witness; `path` is relative to the container's root. Untimed. */
  provenance(key: string, path: string): Promise<Provenance>
  /**
   * Returns what in the layer of this container hides a path that the image holds; null: nothing does. Absent: the driver does
   * not stack directories, so what was removed is in no layer of the container. Untimed.
   */
  hiddenBy?(key: string, path: string): Promise<HiddenBy | null>
  /**
   * Returns what finds the files through whose page cache a file of this mounted container is read, beside its own: a union's
   * layer below a FUSE daemon, the file of a loop device without direct I/O. Absent: there are none. Untimed.
   */
  backingCacheFiles?(key: string): Promise<(path: string) => readonly string[]>
  /**
   * Drops what the store caches outside of the page cache, where it cannot be inspected: the ARC of ZFS. Later reads come
   * from the devices. Mounts are restored; throws `driver.busy` when one of them is in use. Absent: the store caches only
   * in the page cache. Untimed.
   */
  forget?(): Promise<void>
  /** Asked at the end of a sample, whether it failed or not. Absent: there is nothing to say. Untimed. */
  condition?(): Promise<Condition>
  /** Space used in the whole store. Untimed. */
  allocated(): Promise<Usage>
  /**
   * Brings to rest what the driver leaves in flight: writeback, journals, discards, deletions in the background.
   * Afterwards the devices are quiet. Untimed.
   */
  settle(): Promise<void>
}
