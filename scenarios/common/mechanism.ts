/**
 * The mechanism of the first change of a file, derived from where its bytes lay before and after, and whether
 * that agrees with the unit in which the driver says it copies. The one place where this is decided.
 */
import type { Mechanism } from '../../harness/contracts/witness.ts'
import { requireCounters } from './counters.ts'
import { disagreement, type Evidence } from './evidence.ts'
import { COUNTABLE, LARGE, NEXT_TO_NOTHING, NOT_WHOLE, SMALL_CHANGE, WHOLE } from './thresholds.ts'

/**
 * Returns the mechanism, or null where the workload rewrote so much of the file that a copy and a clone look alike.
 * Throws `witness.mechanism` when what was seen cannot come from a driver of this unit.
 */
export function mechanismOf(evidence: Evidence): Mechanism | null {
  const mechanism = observed(evidence)
  requireCounters(mechanism, evidence)
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
  if (change === 'metadata' && onlyTheInode) return 'metadata-only'
  if (shared === null || exclusive === null || size < COUNTABLE) {
    return (shared ?? 0) > 0 ? 'cloned' : 'copied-up'
  }
  if (shared + exclusive < WHOLE * size) throw disagreement(evidence, 'the whole file was copied or cloned')
  if (shared > 0) {
    if (exclusive < WHOLE * rewritten) throw disagreement(evidence, 'what was rewritten became its own')
    return 'cloned'
  }
  return rewritten > WHOLE * size ? null : 'copied-up'
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
  if (change === 'metadata') return 'metadata-only'

  if (before.exclusiveBytes === null || after.exclusiveBytes === null || size < COUNTABLE) return 'block-cow'
  const grown = after.exclusiveBytes - before.exclusiveBytes
  if (rewritten > 0 && grown < Math.max(1, WHOLE * rewritten)) {
    throw disagreement(evidence, 'the changed blocks became the container’s own')
  }
  if (rewritten <= SMALL_CHANGE && size >= LARGE && grown >= NOT_WHOLE * size) {
    throw disagreement(evidence, 'only the changed blocks became the container’s own')
  }
  return 'block-cow'
}

/** A file that was written in the container beforehand would find nothing left to copy. */
function requireSharedBefore(evidence: Evidence): void {
  const { cowUnit, before, size } = evidence
  // A block of the driver may hold the file's end and something that the mount writes: 64 KiB of a pool, or more.
  if (cowUnit === 'block' && size < LARGE) return
  const allowed = cowUnit === 'block' ? NOT_WHOLE * size : 0
  if ((before.exclusiveBytes ?? 0) > allowed) {
    throw disagreement(evidence, 'the container had next to nothing of its own before the first change')
  }
}

/** All was copied before, at prepare; where that copy was a clone, the first change still unshares blocks. */
function ofFullCopy(evidence: Evidence): Mechanism {
  const { before, after, change, size } = evidence
  const bytes = (before.sharedBytes ?? 0) + (before.exclusiveBytes ?? 0)
  const copied = size < COUNTABLE || bytes >= WHOLE * size
  if (before.layer !== 'own' || after.layer !== 'own' || !copied) {
    throw disagreement(evidence, 'the container had a full copy from the start')
  }
  const wasCloned = (before.sharedBytes ?? 0) > 0
  const grown = (after.exclusiveBytes ?? 0) - (before.exclusiveBytes ?? 0)
  return change === 'data' && wasCloned && grown > 0 ? 'block-cow' : 'none'
}
