import { floorOf, limitOf } from './floors.ts'
import type { Calibration } from '../../harness/contracts/calibration.ts'
import type { Cell } from '../../harness/contracts/cell.ts'
import { median } from '../../harness/statistics/quantile.ts'
import type { PhaseColumns } from './collector.ts'
import type { LimitShare, PhaseInfo } from './figures.ts'

/**
 * Whether a phase is so short that what the harness adds to it shows: to a sum it adds that to each part. Of what a tool
 * measures the harness is no part.
 */
export function isBelowFloor(phase: PhaseInfo, seconds: number, calibration: Calibration | null): boolean {
  if (calibration === null || phase.unit !== 's' || phase.byTool === true) return false
  const floors = (phase.sum ?? [phase.id]).map((id) => floorOf(calibration, id))
  return seconds < floors.reduce((total, floor) => total + floor, 0)
}

/**
 * How near a phase comes to the limit that it declares: of a rate, its share of the device's own; of a duration, the
 * bytes that the device moved in it by the second, as a share of what the device moves. Null where the run has no such
 * limit, and where the device had nothing to do in the phase.
 *
 * A copy is one only where all samples say that the file was copied up: a clone moves no data, and a block driver moves
 * its block.
 */
export function limitShareOf(
  columns: PhaseColumns,
  cell: Cell,
  mechanism: string | null,
  calibration: Calibration | null,
): LimitShare | null {
  const declared = columns.phase.limit
  if (declared === undefined || calibration === null) return null
  if (declared.operation === 'copy' && mechanism !== 'copied-up') return null
  const limit = limitOf(calibration, declared, cell.cache)
  const achieved = achievedRate(columns)
  if (limit === null || achieved === null) return null
  return { limit, share: achieved / (columns.phase.unit === 'iops' ? limit.iops : limit.bytesPerSecond) }
}

/** Operations or bytes a second: of a rate what it says, of a duration by the bytes at the device. */
function achievedRate({ phase, values, written, read }: PhaseColumns): number | null {
  if (phase.unit === 'iops' || phase.unit === 'bytes/s') return median(values.known())
  if (phase.unit !== 's') return null
  const seconds = values.all()
  const rates = (read ?? written).all().map((bytes, index) => bytes / (seconds[index] as number))
  const rate = median(Array.from(rates.filter((value) => Number.isFinite(value))))
  return rate === 0 ? null : rate
}
