/** A run as every exporter reads it: cells with their measures, in base units. */
import type { Cell } from '../../harness/contracts/cell.ts'
import type { Gate } from '../../harness/contracts/compare.ts'
import type { Unit } from '../../harness/contracts/phase.ts'
import type { Run } from '../../harness/contracts/run.ts'
import type { ByRound } from '../../harness/statistics/paired-ratio.ts'
import type { CellSummary } from '../summary/types.ts'

export interface Measure {
  /** Unique within the cell: `first-write`, `ratio-to-control`, `bytes-written`. */
  id: string
  title: string
  /** `phase`: timed, or measured by a tool; `ratio`: the headline divided by the control's; `counter`: over the whole sample. */
  kind: 'phase' | 'ratio' | 'counter'
  isHeadline: boolean
  unit: Unit | 'ratio'
  better: 'lower' | 'higher'
  /** Whether every sample has this very number, and there are several. */
  exact: boolean
  byRound: ByRound
  n: number
  median: number
  /** Interval of the median; null where there are too few samples. */
  low: number | null
  high: number | null
  /** Null where there are too few samples, and for a ratio or a counter. */
  p95: number | null
  p99: number | null
}

export interface ExportedCell {
  cell: Cell
  summary: CellSummary
  /** Empty where nothing was measured. */
  measures: readonly Measure[]
}

export interface ExportedRun {
  run: Run
  gate: Gate | null
  cells: readonly ExportedCell[]
}

/** Writes runs in one format; pure. */
export type Exporter = (runs: readonly ExportedRun[]) => { text: string; notes?: readonly string[] }
