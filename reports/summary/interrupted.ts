import type { Interruption } from '../../harness/contracts/run.ts'

/** An interruption of a run that was resumed, and whether its parts differ. */
export interface InterruptedRun {
  interruption: Interruption
  /** Cells that have rounds on both sides, and how many of them have enough to tell. */
  compared: number
  telling: number
  /** Cells that differ, the surest first. */
  differing: readonly DifferingCell[]
}

export interface DifferingCell {
  configuration: string
  scenario: string
  /** Median after it ÷ median before it; null where both are 0. */
  ratio: number | null
  /** Adjusted for all cells and interruptions of the run. */
  p: number
}
