/**
 * What the kernel did on the first change of a file, derived from where its bytes lay before and after, and whether
 * that agrees with the unit in which the driver says it copies. The one place where this is decided.
 */
import type { CowUnit } from '../../harness/contracts/driver.ts'
import type { Mechanism } from '../../harness/contracts/scenario.ts'
import type { Provenance } from '../../harness/contracts/snapshotter.ts'
import { contradiction } from './witness.ts'

/** What the workload did to the file: rewrote or added data, changed only its inode, or only opened it for writing. */
export type ChangeKind = 'data' | 'metadata' | 'none'

export interface Evidence {
  path: string
  cowUnit: CowUnit
  change: ChangeKind
  /** Bytes that the file holds afterwards. */
  size: number
  /** Bytes of what it held before that the workload itself has rewritten. */
  rewritten: number
  before: Provenance
  after: Provenance
  /** At the store's devices, since the trial began. */
  bytesWritten: number
  /** A store that compresses writes less than it copies. */
  compressibility: number
}

/** Smaller files may lie inline in the file system's trees, where FIEMAP counts nothing. */
const COUNTABLE = 4096
/** Below this, journals and the mount's own writes are no longer small beside the file. */
const LARGE = 16 * 1024 ** 2
/** Of a file: what a copy must have made, at least. Less than 1, since a block at the end may be shared or a hole. */
const WHOLE = 0.9
/** Of a file: what must not have been written where nothing was to be copied. */
const NOT_WHOLE = 0.5
/** Of a file: what a change of its inode alone may allocate. */
const NEXT_TO_NOTHING = 0.1
/** Changes of up to this many bytes must leave a large file's other blocks alone. */
const SMALL_CHANGE = 2 * 4096

/**
 * The mechanism, or null where the workload rewrote so much of the file that a copy and a clone look alike.
 * Throws `witness.mechanism` when what was seen cannot come from a driver of this unit.
 */
export function mechanismOf(evidence: Evidence): Mechanism | null {
  const mechanism = observed(evidence)
  requireTraffic(mechanism, evidence)
  return mechanism
}

function observed(evidence: Evidence): Mechanism | null {
  switch (evidence.cowUnit) {
    case 'file':
      return ofUnion(evidence)
    case 'block':
    case 'extent':
      return ofSharing(evidence)
    case 'none':
      return ofFullCopy(evidence)
  }
}

/**
 * The container layer gets a file of its own: a copy of the data, a clone of the extents, or an inode alone. A file of
 * one block that was cloned and then changed shares nothing any more, and counts as copied up.
 */
function ofUnion(evidence: Evidence): Mechanism | null {
  const { before, after, size, change, rewritten } = evidence
  if (before.layer !== 'lower') {
    throw disagreement(evidence, 'the container layer had nothing of the file before its first change')
  }
  if (after.layer === 'lower' && change === 'none') return 'none'
  if (after.layer !== 'upper') throw disagreement(evidence, 'the container layer got a file of its own')

  const { sharedBytes: shared, exclusiveBytes: exclusive } = after
  const onlyTheInode = exclusive !== null && (shared ?? 0) + exclusive < NEXT_TO_NOTHING * size
  if (change === 'metadata' && onlyTheInode) return 'metadata only'
  if (shared === null || exclusive === null || size < COUNTABLE) {
    return (shared ?? 0) > 0 ? 'cloned' : 'copied up'
  }
  if (shared + exclusive < WHOLE * size) throw disagreement(evidence, 'the whole file was copied or cloned')
  if (shared > 0) return 'cloned'
  return rewritten > WHOLE * size ? null : 'copied up'
}

/** The container sees the lower's own blocks, apart from those that it has changed. */
function ofSharing(evidence: Evidence): Mechanism {
  const { before, after, size, change, rewritten } = evidence
  if (size >= COUNTABLE) {
    if (before.layer !== 'shared') throw disagreement(evidence, 'the file shared its blocks with the image')
    if (after.layer !== 'shared' && rewritten < WHOLE * size) {
      throw disagreement(evidence, 'the file went on sharing its unchanged blocks')
    }
    requireSharedBefore(evidence)
  }
  if (change === 'none') return 'none'
  if (change === 'metadata') return 'metadata only'

  if (before.exclusiveBytes === null || after.exclusiveBytes === null || size < COUNTABLE) return 'block CoW'
  const grown = after.exclusiveBytes - before.exclusiveBytes
  if (rewritten > 0 && grown <= 0)
    throw disagreement(evidence, 'the changed blocks became the container’s own')
  if (rewritten <= SMALL_CHANGE && size >= LARGE && grown >= NOT_WHOLE * size) {
    throw disagreement(evidence, 'only the changed blocks became the container’s own')
  }
  return 'block CoW'
}

/** A file that was written in the container beforehand would find nothing left to copy. */
function requireSharedBefore(evidence: Evidence): void {
  const { cowUnit, before, size } = evidence
  // A block driver counts for the whole device, so the mount's own writes are among them.
  if (cowUnit === 'block' && size < LARGE) return
  if ((before.exclusiveBytes ?? 0) >= NOT_WHOLE * size) {
    throw disagreement(evidence, 'the container had next to nothing of its own before the first change')
  }
}

/** All was copied before, at prepare; where that copy was a clone, the first change still unshares blocks. */
function ofFullCopy(evidence: Evidence): Mechanism {
  const { before, after, change } = evidence
  if (before.layer !== 'own' || after.layer !== 'own') {
    throw disagreement(evidence, 'the container had a full copy from the start')
  }
  const wasCloned = (before.sharedBytes ?? 0) > 0
  const grown = (after.exclusiveBytes ?? 0) - (before.exclusiveBytes ?? 0)
  return change === 'data' && wasCloned && grown > 0 ? 'block CoW' : 'none'
}

/** The device must have seen a copy's bytes, and must not have seen them where nothing was copied. */
function requireTraffic(mechanism: Mechanism | null, evidence: Evidence): void {
  const { size, rewritten, bytesWritten, compressibility, cowUnit } = evidence
  if (mechanism === 'copied up' && size >= COUNTABLE && bytesWritten < (WHOLE * size) / compressibility) {
    throw disagreement(evidence, 'the device saw the copy')
  }
  // A full copy is written at prepare, within the trial.
  const nothingToCopy = mechanism !== 'copied up' && mechanism !== null && cowUnit !== 'none'
  if (nothingToCopy && size >= LARGE && rewritten <= SMALL_CHANGE && bytesWritten >= NOT_WHOLE * size) {
    throw disagreement(evidence, `the device saw little of the file (${mechanism})`)
  }
}

function disagreement(evidence: Evidence, claim: string) {
  const { path, cowUnit, size, before, after, bytesWritten } = evidence
  return contradiction(
    'mechanism',
    `${path} (${size} bytes, copied by ${cowUnit}): claimed that ${claim}; seen before: ${describe(before)}, ` +
      `after: ${describe(after)}, ${bytesWritten} bytes written at the device`,
  )
}

function describe({ layer, sharedBytes, exclusiveBytes }: Provenance): string {
  return `${layer}, ${sharedBytes ?? 'unknown'} shared, ${exclusiveBytes ?? 'unknown'} exclusive`
}
