/** Evidence of an engine's snapshot, by the directories in which its storage driver keeps the files. */
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import type { Condition, HiddenBy, Mount } from '../../../harness/contracts/snapshotter.ts'
import type { Syscalls } from '../../../harness/contracts/syscalls.ts'
import type { Provenance } from '../../../harness/contracts/witness.ts'
import { BenchError, ExitCode } from '../../../harness/contracts/error.ts'
import { extentBytes } from '../../../harness/linux/fiemap.ts'
import { readMounts } from '../../../harness/linux/mountinfo.ts'
import { untilFreed } from '../btrfs/freeing.ts'
import { exists } from '../exists.ts'
import { hiddenBy } from '../hidden-by.ts'
import { overlayCondition, type OverlayAsked } from './overlay-condition.ts'

/** How a storage driver keeps a snapshot: what it changed above directories, a snapshot of the parent, or a copy of it. */
export type Keeping = 'union' | 'snapshot' | 'copy'

/** Directories of a snapshot. */
export interface Places {
  /** What it holds of its own: the upper directory of a union, otherwise all of it. */
  own: string
  /** The directories that a union stacks below, nearest first. */
  lowers: readonly string[]
}

/** Returns where the bytes of a file lie. `view`: nothing is written there. Data has to be written back before, for all but unions. */
export function provenanceOf(
  syscalls: Syscalls,
  keeping: Keeping,
  { own }: Pick<Places, 'own'>,
  path: string,
  isView: boolean,
): Provenance {
  const file = join(own, path)
  if (keeping === 'union') return inUnion(syscalls, file, isView)
  const bytes = extentBytes(syscalls, file)
  if (keeping === 'snapshot') return { layer: 'shared', ...bytes }
  return { layer: isView ? 'lower' : 'own', ...bytes }
}

function inUnion(syscalls: Syscalls, file: string, isView: boolean): Provenance {
  if (isView || !exists(file)) return { layer: 'lower', sharedBytes: null, exclusiveBytes: 0 }
  const isMetadataOnly = syscalls.lgetxattr(file, 'trusted.overlay.metacopy') !== null
  if (isMetadataOnly) return { layer: 'upper', sharedBytes: null, exclusiveBytes: 0 }
  return { layer: 'upper', ...extentBytes(syscalls, file) }
}

/** Returns the file behind a file of a union that a daemon in user space serves: it reads that one, and keeps pages of its own. */
export function fileBehind({ own, lowers }: Places, path: string): string[] {
  const found = [own, ...lowers].map((directory) => join(directory, path)).find(exists)
  return found === undefined ? [] : [found]
}

/** Returns what hides a path in the upper directory of a union. */
export function hiddenInUnion(
  syscalls: Syscalls,
  { own }: Pick<Places, 'own'>,
  path: string,
): HiddenBy | null {
  return hiddenBy(syscalls, own, path)
}

/**
 * Returns for the witness how the engine mounted the container that is shown at `target`. A failure where it was to mount another type of
 * file system: an engine may silently take another way.
 */
export function mountedAs(target: string, type: string, configuration: OverlayAsked): Condition {
  const row = readMounts().findLast((mount) => mount.target === target)
  if (row === undefined) return {}
  if (row.type !== type) return { failure: otherMount(configuration.text, type, row.type) }
  return row.type === 'overlay' ? overlayCondition(row, configuration) : { details: { mounted: row.type } }
}

/** Returns the failure of an engine that mounts otherwise than it was to. The answer begins with errors of code `engine.…`. */
export function otherMount(text: string, wanted: string, mounted: string): BenchError {
  return new BenchError(`the engine was to mount ${wanted} for ${text}, and mounted ${mounted}`, {
    code: 'engine.mount-type',
    exitCode: ExitCode.cellFailed,
  })
}

/** Returns the error of an engine that silently uses another storage driver than it was asked for. */
export function otherDriver(program: string, wanted: string, used: string): BenchError {
  return new BenchError(`${program} was asked for ${wanted}, and uses ${used}`, {
    code: 'engine.fallback',
    exitCode: ExitCode.cellFailed,
  })
}

/** Returns what mounts the files that a container has left, read-only: a union is stacked once more, with the container's layer on top. */
export function leftBy(keeping: Keeping, { own, lowers }: Places): Mount[] {
  if (keeping !== 'union') return [{ type: 'bind', source: own, options: ['bind', 'ro'] }]
  const lowerdir = [own, ...lowers].join(':')
  return [{ type: 'overlay', source: 'overlay', options: ['ro', `lowerdir=${lowerdir}`] }]
}

/** Waits until the space of removed subvolumes is free, where a storage driver of btrfs makes snapshots. */
export async function untilSnapshotsFreed(syscalls: Syscalls, path: string): Promise<void> {
  const fd = openSync(path, 'r')
  try {
    await untilFreed(syscalls, fd)
  } finally {
    closeSync(fd)
  }
}
