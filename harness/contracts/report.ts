/** Results of the reports room, as commands use them. */
import type { Accepted } from './accepted.ts'
import type { ComparedRow, Crossing } from './compare.ts'
import type { History } from './history.ts'
import type { Row } from './row.ts'
import type { Run } from './run.ts'
import type { Sample } from './sample.ts'

/** A run, and its samples as they are read. */
export interface RunSamples {
  run: Run
  /** That it was accepted as a baseline, and why. */
  accepted?: Accepted | null
  samples: Iterable<Sample>
}

/** A run of a fleet that was downloaded, whole or in part. */
export interface HostRun extends RunSamples {
  /** Name of the host, as in `fleet.json`. */
  name: string
}

/** How a run stands while it goes on. Empty texts where there is nothing to say yet. */
export interface Standing {
  /** How many answers are known: `22 of 35 answers known`. */
  answers: string
  /** Which configuration leads in which question: `ahead: btrfs in bigfile; vfs@ext4 in startup`. */
  leaders: string
}

/** A run or a fleet in every form in which it can be shown; all of it is drawn from one summary. */
export interface Report {
  /** How many samples were taken, in whatever state they ended. */
  readonly samples: number
  /** Trials of a validation, in all comparisons of a configuration with its equal; null where nothing has an equal. */
  readonly trials: number | null
  readonly rows: readonly Row[]
  /** For a display while the run goes on; of a fleet empty. */
  standing(): Standing
  /** The answer, for a terminal of `width` columns; with every table of it after it if asked for. Ends without a newline. */
  terminal(width: number, color: boolean, withTables?: boolean): string
  /** For the summary of a CI step. */
  markdown(): string
  /** One self-contained page. */
  html(): string
}

/** Two runs side by side. */
export interface ComparisonReport extends Omit<Report, 'samples' | 'trials' | 'rows' | 'standing'> {
  /** Why nothing is judged, a sentence each; empty where the runs can be compared. */
  readonly incomparableReasons: readonly string[]
  /** Differences that were declared, and are judged. */
  readonly across: readonly Crossing[]
  /** `ratios`: of each run to its own control; figures of different or emulated hardware are not compared. */
  readonly judgedBy: 'figures' | 'ratios'
  /** A line each. */
  readonly regressions: readonly string[]
  /** Why cells could not be judged, a line for each reason; empty where all were. */
  readonly undecided: readonly string[]
  readonly rows: readonly ComparedRow[]
}

/** Many runs over time. */
export interface HistoryReport extends Pick<Report, 'html'> {
  readonly history: History
  /** The answer, the changes and the epochs, for a terminal of `width` columns. Ends without a newline. */
  terminal(width: number, color: boolean): string
}
