import type { Condition, HiddenBy, Mount } from '../../../harness/contracts/snapshotter.ts'
import type { Provenance } from '../../../harness/contracts/witness.ts'
import type { ApiMount } from '../api.ts'

/** A snapshot that was asked for. */
export interface Held {
  /** Unique within the store. */
  readonly id: number
  readonly kind: 'active' | 'view' | 'committed'
  readonly parent: string | null
  /** What containerd answered when it was made. */
  readonly mounts: readonly Mount[]
}

/** How snapshots of one kind of snapshotter are looked at, beside containerd's back. */
export interface Evidence {
  /** False where the snapshotter does not count them. */
  readonly countsInodes: boolean
  /** Returns what the host is to mount. */
  mountsOf(mounts: readonly ApiMount[], id: number): readonly Mount[]
  /** Returns how often something is mounted that is mounted as this snapshot is. */
  countMounts(held: Held): number
  /** `parent`: null of a snapshot without one. */
  provenance(held: Held, path: string, parent: Held | null): Provenance
  /** Returns how the containers of these snapshots are mounted. */
  condition(active: readonly Held[]): Condition
  changes?(held: Held): string | null
  hiddenBy?(held: Held, path: string): HiddenBy | null
  cacheFiles?(held: Held): (path: string) => readonly string[]
  /** Waits for what the file system does in the background, after the garbage collector. */
  settle?(active: readonly Held[]): Promise<void>
  close?(): void
}
