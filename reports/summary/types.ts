/** What the samples of a run say, in base units. Every page, table and sentence is drawn from this alone. */
import type { Cell, Outcome } from '../../harness/contracts/cell.ts'
import type { DeviceLimit } from '../../harness/contracts/calibration.ts'
import type { DriverInfo, Run, ScenarioInfo } from '../../harness/contracts/run.ts'
import type { Injected } from '../../harness/contracts/options.ts'
import type { Row } from '../../harness/contracts/row.ts'
import type { Warning } from '../../harness/contracts/warning.ts'
import type { CounterId } from './counters.ts'
import type { Validation } from './validation.ts'

export type PhaseInfo = ScenarioInfo['phases'][number]

/** How many samples ended in each state. */
export interface SampleCounts {
  completed: number
  failed: number
  aborted: number
}

/** A median with its interval, which is null below 2 samples. */
export interface Estimate {
  n: number
  median: number
  low: number | null
  high: number | null
  /** What the interval covers, 0…1. */
  coverage: number | null
}

/** A high quantile with its interval. */
export interface Tail {
  value: number
  low: number
  high: number
  coverage: number
}

/** What a comparison shows: a difference, none, or nothing yet, since there were too few rounds. */
export type Judgement = 'different' | 'not-shown' | 'too-few-rounds'

export interface Ratio {
  ratio: number
  low: number | null
  high: number | null
  coverage: number | null
  /** Rounds in which both completed. */
  pairs: number
  /** Of the paired signed-rank test, two-sided, of this comparison alone; null below 2 pairs. */
  p: number | null
  /** The same for all comparisons that are judged together; null where it is judged alone. */
  pAdjusted: number | null
  verdict: Judgement
  /** The smallest true relative difference that would have been found; null where no difference could be. */
  detectable: number | null
}

/** A ratio that is to be known to the run's precision. */
export interface AimedRatio extends Ratio {
  /**
   * How well it is known, as the stopping rule sees it: 0.03 is ± 3 %. That of the interval alone where it covers too
   * little for the rule; null without an interval.
   */
  halfWidth: number | null
  /** Known to the precision. */
  converged: boolean
}

/** What one cell's headline is of its control's. */
export interface HeadlineRatio extends AimedRatio {
  /** The ratio of each round. */
  dots: Dots
}

/** Measured values to draw, in the order of measurement: all, or so many that a page can carry them. */
export interface Dots {
  values: readonly number[]
  /** Marked by their modified z-score. Always drawn, and never left out of a figure. */
  outliers: readonly number[]
  /** How many were measured. */
  of: number
}

export interface Mode {
  center: number
  /** Of the samples, 0…1. */
  share: number
}

/** How near a phase comes to what the raw device does. */
export interface LimitShare {
  /** 0.8 is 80 %. */
  share: number
  limit: DeviceLimit
}

export interface PhaseSummary {
  phase: PhaseInfo
  /** Null where no completed sample reports the phase. */
  value: Estimate | null
  /** Null where there are too few samples for it. */
  p95: Tail | null
  p99: Tail | null
  /** To the same phase of the cell's control; null for a control and where no round has both. */
  ratio: Ratio | null
  /** Median bytes written at the scratch device during the phase; null where it was not counted. */
  bytesWritten: number | null
  /** Samples that are marked as outliers. None is left out. */
  outliers: number
  /** Where the samples gather, ascending: more than one where they do in several places, else none. */
  modes: readonly Mode[]
  /** Relative change over the run; null where none is shown. */
  drift: number | null
  /** Of successive samples; null where none is shown. */
  autocorrelation: number | null
  /** So short that what the harness adds to every phase is a part of it that shows. */
  belowFloor: boolean
  limit: LimitShare | null
  /** Kept of what a chart draws: the headline, and phases that are no times. */
  dots: Dots | null
}

export interface CountedWarning extends Warning {
  /** How many samples, cells or parts of the run carry it. */
  count: number
  of: 'sample' | 'cell' | 'run'
}

export interface MechanismCount {
  name: string
  count: number
}

/** A number that was counted in each sample. */
export interface Counter {
  median: number
  /** Every sample had this very number, and there are several. */
  exact: boolean
}

/** Values of successive rounds: where there are many rounds, medians of equally many each. */
export interface OverTheRun {
  values: readonly number[]
  /** Rounds for each value. */
  roundsEach: number
}

export interface CellSummary {
  cell: Cell
  driver: DriverInfo
  /** The configuration that it is divided by; null for the control itself. */
  control: DriverInfo | null
  state: Outcome['state']
  reason: string | null
  hint: string | null
  samples: SampleCounts
  /** The phases that the cell reports, in the scenario's order. */
  phases: readonly PhaseSummary[]
  /** The phase that the verdict speaks of; null only for a cell without phases. */
  headline: PhaseSummary | null
  /** Of the headline; null for a control and where no round has both. */
  ratio: HeadlineRatio | null
  /** Of the headline; null without samples. */
  overTheRun: OverTheRun | null
  /** Time of all phases that add up, sample by sample; null where fewer than two do. */
  timeInAll: Estimate | null
  mechanisms: readonly MechanismCount[]
  /** What the samples agree on, or all that they say with counts; null where they say nothing. */
  mechanism: string | null
  counters: Readonly<Record<CounterId, Counter | null>>
  /** How it was delayed on purpose; null where it was not. */
  injected: Injected | null
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

/** How the headline ratios of the run came out. */
export interface RatioCounts {
  all: number
  different: number
  notShown: number
  tooFewRounds: number
  unconverged: number
  /** The fewest rounds by which a difference can be shown among so many comparisons. */
  roundsToShow: number
}

export interface Summary {
  run: Run
  cells: readonly CellSummary[]
  panels: readonly Panel[]
  rows: readonly Row[]
  /** Rounds in which at least one sample completed. */
  rounds: number
  samples: SampleCounts
  ratios: RatioCounts
  /** Null for a run that compares nothing with its equal. */
  validation: Validation | null
  /** Of the run and of all samples, most frequent first. */
  warnings: readonly CountedWarning[]
}
