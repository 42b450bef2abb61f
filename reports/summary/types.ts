/** Summary of a run, in base units. Every page, table and sentence is drawn from this alone. */
import type { Accepted } from '../../harness/contracts/accepted.ts'
import type { Cell, Outcome } from '../../harness/contracts/cell.ts'
import type { DriverInfo, Run, ScenarioInfo } from '../../harness/contracts/run.ts'
import type { Injected } from '../../harness/contracts/options.ts'
import type { Row } from '../../harness/contracts/row.ts'
import type { Warning } from '../../harness/contracts/warning.ts'
import type { Counter, CounterId } from './counters.ts'
import type { AimedRatio, EngineTax, Estimate, HeadlineRatio, OverTheRun, PhaseSummary } from './figures.ts'
import type { InterruptedRun } from './interrupted.ts'
import type { Ledger } from './ledger.ts'
import type { SampleCounts } from './sample-counts.ts'
import type { TallySummary } from './tallies.ts'
import type { Validation } from './validation-types.ts'

export interface CountedWarning extends Warning {
  /** How many samples, cells or parts of the run carry it. */
  count: number
  of: 'sample' | 'cell' | 'run'
}

export interface MechanismCount {
  name: string
  count: number
}

export interface CellSummary {
  cell: Cell
  driver: DriverInfo
  /** The configuration that it is divided by; null for the control itself. */
  control: DriverInfo | null
  state: Outcome['state']
  /** Stable name of why it was not measured to the end; null where it was. */
  code: string | null
  reason: string | null
  hint: string | null
  samples: SampleCounts
  /** The phases that the cell reports, in the scenario's order. */
  phases: readonly PhaseSummary[]
  /** The phase that the verdict speaks of; null only for a cell without phases. */
  headline: PhaseSummary | null
  /** Ratio of the headline; null for a control and where no round has both. */
  ratio: HeadlineRatio | null
  /** What the engine adds to the same without it; null without an engine, and where the run does not have both. */
  engineTax: EngineTax | null
  /** Figures of the headline; null without samples. */
  overTheRun: OverTheRun | null
  /** Time of all phases that add up, sample by sample; null where fewer than two do. */
  timeInAll: Estimate | null
  mechanisms: readonly MechanismCount[]
  /** Mechanism that all samples agree on, or each with its count; null where none is known. */
  mechanism: string | null
  counters: Readonly<Record<CounterId, Counter | null>>
  /** What reached the device for each object changed; null for work that changes nothing, and in older runs. */
  ledger: Ledger | null
  /** What the samples counted, as the scenario names it; empty where it names nothing. */
  tallies: readonly TallySummary[]
  /** How it was delayed on purpose; null where it was not. */
  injected: Injected | null
  warnings: readonly CountedWarning[]
}

/** A parameter along which the cells of a panel differ, ascending. */
export interface Axis {
  key: string
  /** `share`: a part of a whole, from above 0 to 1. */
  kind: 'size' | 'count' | 'share'
  values: readonly AxisValue[]
}

export interface AxisValue {
  text: string
  /** Bytes, a plain number, or a share. */
  value: number
}

/** Exponent of the headline over the axis, for one driver configuration; no interval where none can be told. */
export interface Slope {
  configuration: string
  slope: number
  low: number | null
  high: number | null
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
  /** The worse one divided by the better one; judged as one picked out of all pairs of configurations. */
  ratio: AimedRatio | null
}

/** How a configuration stands among the others at the top end of the axis. */
export interface Standing {
  cell: CellSummary
  /** Whether its headline is the best of the configurations that are compared. */
  isBest: boolean
  /**
   * Its headline, or the phase in which it pays instead, divided by the best one's headline; null for the best itself, for a
   * control, and where no round has both.
   */
  toBest: AimedRatio | null
  /** The phase in which it pays instead of in the headline; null for the others. */
  elsewhere: PhaseSummary | null
}

/** Cells that can be compared: one scenario, one cache state, equal parameters but for the axis. */
export interface Panel {
  /** Unique within the summary, and fit for an HTML id. */
  id: string
  scenario: ScenarioInfo
  /** Parameters that distinguish it from the scenario's other panels; empty where it is the only one. */
  title: string
  axis: Axis | null
  cells: readonly CellSummary[]
  /** The cells at the top end of the axis; all cells where there is none. */
  biggest: readonly CellSummary[]
  /** Fastest and slowest of the cells at the top end of the axis. */
  elsewhere: readonly Elsewhere[]
  /**
   * Fastest and slowest configuration at the top of the axis. Controls do not count, nor do configurations that pay in
   * another phase, since their headline is not their cost. Null if fewer than two remain.
   */
  extremes: Extremes | null
  /** One for each of the biggest cells, in their order. */
  standings: readonly Standing[]
  slopes: { from: AxisValue; of: readonly Slope[] } | null
}

/** How the headline ratios of the run came out. */
export interface RatioCounts {
  all: number
  different: number
  notShown: number
  tooFewRounds: number
  unconverged: number
  /** Fewest rounds with which a difference can be shown among these comparisons. */
  roundsToShow: number
}

export interface Summary {
  run: Run
  /** Where it was interrupted and resumed, and whether the parts differ; empty for most runs. */
  interruptions: readonly InterruptedRun[]
  /** That it was accepted as a baseline, and why. */
  accepted?: Accepted | null
  cells: readonly CellSummary[]
  panels: readonly Panel[]
  rows: readonly Row[]
  /** Rounds in which at least one sample completed. */
  rounds: number
  /** Seconds that a round took on average, without set-up; null without a sample. */
  secondsARound: number | null
  samples: SampleCounts
  ratios: RatioCounts
  /** Null for a run that compares nothing with its equal. */
  validation: Validation | null
  /** Warnings of the run and of all samples, most frequent first. */
  warnings: readonly CountedWarning[]
}
