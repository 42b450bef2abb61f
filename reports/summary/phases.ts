import type { Cell } from '../../harness/contracts/cell.ts'
import type { IoCounters, Sample } from '../../harness/contracts/sample.ts'
import type { ScenarioInfo } from '../../harness/contracts/run.ts'
import type { PhaseInfo } from './figures.ts'
import type { Panel } from './types.ts'

/** The phases that a cell reports, in the scenario's order; sums are of those parts that it reports. */
export function phasesOf(cell: Cell, scenario: ScenarioInfo): PhaseInfo[] {
  const reported = new Set(cell.phases)
  return scenario.phases
    .filter((phase) => reported.has(phase.id))
    .map((phase) =>
      phase.sum === undefined ? phase : { ...phase, sum: phase.sum.filter((part) => reported.has(part)) },
    )
}

/** The phases that any of a panel's cells reports, in the scenario's order: a control has fewer than the others. */
export function phasesAcross({ scenario, cells }: Pick<Panel, 'scenario' | 'cells'>): PhaseInfo[] {
  const reported = new Set(cells.flatMap(({ phases }) => phases.map(({ phase }) => phase.id)))
  return scenario.phases.filter((phase) => reported.has(phase.id))
}

/** `steady-clat-p99.9` → family `steady-clat`, percentile 99.9; null for a phase that is no percentile. */
export function percentileOf(phase: PhaseInfo): { family: string; percentile: number } | null {
  const match = /^(?<family>.+)-p(?<percentile>\d+(?:\.\d+)?)$/.exec(phase.id)
  if (match?.groups === undefined) return null
  return { family: match.groups['family'] ?? '', percentile: Number(match.groups['percentile']) }
}

/** Phases that follow each other in time, so that their times add up: no sum of others, none within others, no percentile. */
export function additivePhases(phases: readonly PhaseInfo[]): PhaseInfo[] {
  return phases.filter(
    (phase) =>
      phase.unit === 's' && phase.sum === undefined && phase.within !== true && percentileOf(phase) === null,
  )
}

/** The phase's value in a sample; a sum is taken from its parts where it was not recorded itself. */
export function valueOf(sample: Sample, phase: PhaseInfo): number | null {
  return sample.phases[phase.id] ?? sumOf(phase.sum, (part) => sample.phases[part])
}

/** Bytes written at the scratch device during the phase. */
export function bytesWrittenIn(sample: Sample, phase: PhaseInfo): number | null {
  const written = (id: string) => sample.io[id]?.bytesWritten
  return written(phase.id) ?? sumOf(phase.sum, written)
}

/** Bytes read at the scratch device during the phase. */
export function bytesReadIn(sample: Sample, phase: PhaseInfo): number | null {
  const read = (id: string) => sample.io[id]?.bytesRead
  return read(phase.id) ?? sumOf(phase.sum, read)
}

/** Counters of the scratch device in the phase, those of a sum added up; null where a part was not counted. */
export function ioOf(sample: Sample, { id, sum }: PhaseInfo): IoCounters | null {
  const own = sample.io[id]
  if (own !== undefined || sum === undefined || sum.length === 0) return own ?? null
  const parts = sum.map((part) => sample.io[part])
  if (parts.some((part) => part === undefined)) return null
  return parts.filter((part) => part !== undefined).reduce(addIo)
}

function addIo(left: IoCounters, right: IoCounters): IoCounters {
  const known = (one: number | null | undefined, other: number | null | undefined) =>
    one == null || other == null ? null : one + other
  return {
    bytesRead: left.bytesRead + right.bytesRead,
    bytesWritten: left.bytesWritten + right.bytesWritten,
    reads: left.reads + right.reads,
    writes: left.writes + right.writes,
    flushes: known(left.flushes, right.flushes),
    fuaWrites: known(left.fuaWrites, right.fuaWrites),
  }
}

/** Flushes in the phase that dm-delay delayed; null of a configuration whose flushes are not delayed. */
export function delayedFlushesIn(sample: Sample, phase: PhaseInfo): number | null {
  const delayed = (id: string) => sample.io[id]?.delayedFlushes
  return delayed(phase.id) ?? sumOf(phase.sum, delayed)
}

function sumOf(
  parts: readonly string[] | undefined,
  value: (part: string) => number | undefined,
): number | null {
  if (parts === undefined || parts.length === 0) return null
  let total = 0
  for (const part of parts) {
    const summand = value(part)
    if (summand === undefined) return null
    total += summand
  }
  return total
}
