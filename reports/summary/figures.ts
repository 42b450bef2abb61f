/** Figures of one phase, and of its ratio to another cell's. */
import type { DeviceLimit } from '../../harness/contracts/calibration.ts'
import type { Answer } from '../../harness/statistics/answers.ts'
import type { ScenarioInfo } from '../../harness/contracts/run.ts'
import type { LedgerEntries } from './ledger.ts'

export type PhaseInfo = ScenarioInfo['phases'][number]

/** A median with its interval, which is null below 2 samples. */
export interface Estimate {
  n: number
  median: number
  low: number | null
  high: number | null
  /** Coverage of the interval, 0…1. */
  coverage: number | null
}

/** A high quantile with its interval. */
export interface Tail {
  value: number
  low: number
  high: number
  coverage: number
}

/** Judgement of a comparison: a difference, none shown, or too few rounds to tell. */
export type Judgement = 'different' | 'not-shown' | 'too-few-rounds'

export interface Ratio {
  ratio: number
  low: number | null
  high: number | null
  coverage: number | null
  /** Rounds in which both completed. */
  pairs: number
  /** Two-sided p of the paired signed-rank test, of this comparison alone; null below 2 pairs. */
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
  /** Whether the answer is there, and the ratio known to the precision or to a tenth of its distance from 1. */
  converged: boolean
  /** What it says of the cost: a lower rate is dearer. */
  answer: Answer
  /** Whether the signed-rank test and the moderated test of few rounds say different things. */
  disagrees: boolean
}

/** Ratio of one cell's headline to its control's. */
export interface HeadlineRatio extends AimedRatio {
  /** The ratio of each round. */
  dots: Dots
}

/** Measured values to draw, in the order of measurement: all, or as many as a page can carry. */
export interface Dots {
  values: readonly number[]
  /** Marked by their modified z-score. Always drawn, and never left out of a figure. */
  outliers: readonly number[]
  /** How many were measured. */
  of: number
}

export interface Mode {
  center: number
  /** Share of the samples, 0…1. */
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
  /** Ratio to the same phase of the cell's control; null for a control and if no round has both. */
  ratio: Ratio | null
  /** Median bytes written at the scratch device during the phase; null where it was not counted. */
  bytesWritten: number | null
  /** What reached the device in the phase, for each object changed; null where nothing was counted or changed. */
  ledger: LedgerEntries | null
  /** Samples that are marked as outliers. None is left out. */
  outliers: number
  /** Values around which the samples gather, ascending; empty unless there are several. */
  modes: readonly Mode[]
  /** Relative change over the run; null where none is shown. */
  drift: number | null
  /** Autocorrelation of successive samples; null where none is shown. */
  autocorrelation: number | null
  /** Whether the phase is so short that the cost of the harness shows in it. */
  belowFloor: boolean
  limit: LimitShare | null
  /** Kept of what a chart draws: the headline, and phases that are no times. */
  dots: Dots | null
}

/** Values of successive rounds: where there are many rounds, medians of equally many each. */
export interface OverTheRun {
  values: readonly number[]
  /** Rounds for each value. */
  roundsEach: number
}

/** One phase of a cell through an engine, divided by the same without it. */
export interface PhaseTax {
  phase: PhaseInfo
  /** Medians with and without the engine; null where no completed sample reports the phase. */
  through: number | null
  without: number | null
  /** By pairs of the same round. */
  ratio: AimedRatio
}

/** What an engine adds to a cell. */
export interface EngineTax {
  /** The configuration that does the same without the engine. */
  configuration: string
  /** Phases that both have. */
  phases: readonly PhaseTax[]
}
