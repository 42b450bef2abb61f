/** What every command is handed by the composition root. */
import type { Calibration, Row, Run, Sample } from '../contracts/run.ts'
import type { Registry } from '../plan/plan.ts'

/** What a run says, as the commands hand it on: all of it drawn from one summary. */
export interface Report {
  /** How many samples were taken, whatever became of them. */
  readonly samples: number
  readonly rows: readonly Row[]
  /** The table and the verdict, for a terminal. */
  terminal(width: number, color: boolean): string
  html(): string
}

export interface Context {
  stdout: NodeJS.WriteStream
  stderr: NodeJS.WriteStream
  /** The command line that starts this program again. */
  program: readonly string[]
  version: string
  /** Loaded when first needed, so that --help is quick. */
  registry(): Promise<Registry>
  /** Reads the samples once, and again as far as the page carries them. Throws what reading them throws. */
  summarize(run: Run, samples: Iterable<Sample>): Promise<Report>
  /** A calibration by itself, for a terminal. */
  describeCalibration(calibration: Calibration, color: boolean): Promise<string>
}

export function useColor(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY && (process.env['NO_COLOR'] ?? '') === ''
}

export function widthOf(stream: NodeJS.WriteStream): number {
  return stream.isTTY ? stream.columns : 120
}
