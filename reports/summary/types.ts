/** What the samples of a run say, in base units. Every page, table and sentence is drawn from this alone. */
import type {
  Cell,
  DriverInfo,
  Outcome,
  Row,
  Run,
  ScenarioInfo,
  Warning,
} from '../../harness/contracts/run.ts'

export type PhaseInfo = ScenarioInfo['phases'][number]

/** A median with its rank-based interval; the interval is null below 2 samples. */
export interface Estimate {
  n: number
  median: number
  low: number | null
  high: number | null
  /** What the interval covers, 0…1. */
  coverage: number | null
}

export interface Ratio {
  ratio: number
  low: number | null
  high: number | null
  coverage: number | null
  /** Rounds in which both completed. */
  pairs: number
}

export interface PhaseSummary {
  phase: PhaseInfo
  /** Null where no completed sample reports the phase. */
  value: Estimate | null
  p95: number | null
  /** To the same phase of the cell's control; null for a control and where no round has both. */
  ratio: Ratio | null
  /** Median bytes written at the scratch device during the phase; null where it was not counted. */
  bytesWritten: number | null
}

export interface CountedWarning extends Warning {
  /** Samples (or parts of the run) that carry it. */
  count: number
}

export interface MechanismCount {
  name: string
  count: number
}

export interface CellSummary {
  cell: Cell
  driver: DriverInfo
  state: Outcome['state']
  reason: string | null
  hint: string | null
  samples: { completed: number; failed: number; aborted: number }
  /** The phases that the cell reports, in the scenario's order. */
  phases: readonly PhaseSummary[]
  /** The phase that the verdict speaks of; null only for a cell without phases. */
  headline: PhaseSummary | null
  /** Time of all phases that add up, sample by sample; null where fewer than two do. */
  timeInAll: Estimate | null
  mechanisms: readonly MechanismCount[]
  /** What the samples agree on, or all that they say with counts; null where they say nothing. */
  mechanism: string | null
  /** Bytes at the scratch device, from before prepare until all was settled; median. */
  bytesWritten: number | null
  /** Growth of the store, bytes; median. */
  bytesAllocated: number | null
  /** Bytes that the workload asked to change; median. */
  bytesChanged: number | null
  /** Bytes written at the device for each byte changed; median over the samples. */
  writeAmplification: number | null
  warnings: readonly CountedWarning[]
}

/** A parameter along which the cells of a panel differ, ascending. */
export interface Axis {
  key: string
  kind: 'size' | 'count'
  values: readonly AxisValue[]
}

export interface AxisValue {
  text: string
  /** Bytes, or a plain number. */
  value: number
}

/** Exponent of the headline over the axis, for one driver configuration. */
export interface Slope {
  driver: string
  slope: number
}

/** A configuration whose cost falls in a phase outside the headline. */
export interface Elsewhere {
  cell: CellSummary
  phase: PhaseSummary
}

/** The best and the worst headline of one parameter set, compared by pairs of the same round. */
export interface Extremes {
  best: CellSummary
  worst: CellSummary
  /** The worse one divided by the better one. */
  ratio: Ratio | null
}

/** Cells that can be compared: one scenario, one cache state, equal parameters but for the axis. */
export interface Panel {
  /** Unique within the summary, and fit for an HTML id. */
  id: string
  scenario: ScenarioInfo
  /** What sets it apart from the scenario's other panels; empty where it is the only one. */
  title: string
  axis: Axis | null
  cells: readonly CellSummary[]
  /** The cells at the top end of the axis; all cells where there is none. */
  biggest: readonly CellSummary[]
  /** Of the cells at the top end of the axis. */
  elsewhere: readonly Elsewhere[]
  /**
   * At the top end of the axis; without controls, and without those that pay elsewhere, whose headline is not what
   * they cost. Null where fewer than two remain.
   */
  extremes: Extremes | null
  slopes: { from: AxisValue; of: readonly Slope[] } | null
}

export interface Summary {
  run: Run
  cells: readonly CellSummary[]
  panels: readonly Panel[]
  rows: readonly Row[]
  /** Rounds in which at least one sample completed. */
  rounds: number
  samples: { completed: number; failed: number; aborted: number }
  /** Of the run and of all samples, most frequent first. */
  warnings: readonly CountedWarning[]
}
