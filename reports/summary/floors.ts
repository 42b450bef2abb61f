/** Floors and limits that a calibration gives the reader of figures. Pure. */
import type { Calibration, DeviceLimit } from '../../harness/contracts/calibration.ts'
import type { CacheState } from '../../harness/contracts/cell.ts'
import type { Phase } from '../../harness/contracts/phase.ts'

/** Least factor to an empty phase: at most 5 % of a phase above it is the harness. */
const ABOVE_EMPTY = 20

/** Phases of the runner that wait for a promise: {@link Container}'s verbs, and the way back. */
const VERBS: ReadonlySet<string> = new Set(['prepare', 'mount', 'umount', 'remove'])

/** Seconds under which a phase says more of the harness than it should. `phase`: its id; default: any but a verb. */
export function floorOf({ harness }: Calibration, phase?: string): number {
  const empty = phase !== undefined && VERBS.has(phase) ? harness.verb : harness.phase
  return ABOVE_EMPTY * empty
}

/**
 * Returns the limit of a phase: that of the measured queue depth with the highest throughput, since a kernel that
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
