/** What a reader of figures asks a calibration. Pure. */
import type { Calibration, DeviceLimit } from '../../harness/contracts/calibration.ts'
import type { CacheState } from '../../harness/contracts/cell.ts'
import type { Phase } from '../../harness/contracts/phase.ts'

/** A phase has to be so many times longer than an empty one: then at most 5 % of it is the harness. */
const ABOVE_EMPTY = 20

/** Phases of the runner that wait for a promise: {@link Container}'s verbs, and the way back. */
const VERBS: ReadonlySet<string> = new Set(['prepare', 'mount', 'umount', 'remove'])

/** Seconds under which a phase says more of the harness than it should. `phase`: its id; default: any but a verb. */
export function floorOf({ harness }: Calibration, phase?: string): number {
  const empty = phase !== undefined && VERBS.has(phase) ? harness.verb : harness.phase
  return ABOVE_EMPTY * empty
}

/**
 * What bounds a phase: of the queue depths that were measured the one with the highest throughput, since a kernel that
 * copies or writes back keeps as many I/Os in flight as help it. Null where nothing of the kind was measured.
 *
 * With a warm cache a copy reads nothing from the device, so what bounds it is writing what is copied, to the end.
 */
export function limitOf(
  calibration: Calibration,
  limit: NonNullable<Phase['limit']>,
  cache: CacheState,
): DeviceLimit | null {
  const operation = limit.operation === 'copy' && cache === 'warm' ? 'write+flush' : limit.operation
  const limits = (calibration.device?.limits ?? []).filter(
    (candidate) => candidate.operation === operation && candidate.pattern === limit.pattern,
  )
  return limits.reduce<DeviceLimit | null>(
    (best, candidate) => (best === null || candidate.bytesPerSecond > best.bytesPerSecond ? candidate : best),
    null,
  )
}
