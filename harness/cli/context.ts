/** Context that the composition root passes to every command. */
import type { CompareRules } from '../contracts/compare.ts'
import type { Accepted } from '../contracts/accepted.ts'
import type { Fleet } from '../contracts/fleet.ts'
import type { Calibration } from '../contracts/calibration.ts'
import type { Exported, ExportFormatName, ExportSource } from '../contracts/export.ts'
import type { Host } from '../contracts/host.ts'
import type { OwnImage } from '../contracts/image.ts'
import type { History, HistoryOptions, HistoryRun, RunDigest } from '../contracts/history.ts'
import type { ComparisonReport, HistoryReport, HostRun, Report, RunSamples } from '../contracts/report.ts'
import type { ClaimInfo, ClaimsReport } from '../contracts/claims.ts'
import type { Run } from '../contracts/run.ts'
import type { Sample } from '../contracts/sample.ts'
import type { Registry } from '../contracts/plan.ts'

export interface Context {
  /** Standard output and standard error; control characters in what is written become visible. */
  stdout: NodeJS.WriteStream
  stderr: NodeJS.WriteStream
  /** Standard error as it is, for lines at a terminal that are drawn again and again: they move the cursor. */
  live: NodeJS.WriteStream
  /** The command line that starts this program again. */
  program: readonly string[]
  version: string
  /** Loaded when first needed, so that --help is quick. */
  registry(): Promise<Registry>
  /** Reads the user's own image and checks it. Throws a usage error for whatever is wrong with it. */
  openImage(host: Host, path: string): Promise<OwnImage>
  /** Reads the samples once, and again as far as the page carries them. Throws what reading them throws. */
  summarize(run: Run, samples: Iterable<Sample>, accepted?: Accepted | null): Promise<Report>
  /** The hosts of a fleet side by side; of hosts without a run only how they fared. `name`: as the fleet calls it. */
  summarizeFleet(fleet: Fleet, runs: readonly HostRun[]): Promise<Report>
  compare(baseline: RunSamples, candidate: RunSamples, rules: CompareRules): Promise<ComparisonReport>
  /** Runs in a format of another program; their samples are read once. */
  export(runs: readonly ExportSource[], format: ExportFormatName): Promise<Exported>
  /** What a history keeps of a run, and the report of many. */
  history(): Promise<HistoryRooms>
  /** Claims about drivers, each with the cells that it is judged by. */
  claims(): Promise<readonly ClaimInfo[]>
  /** Judges the claims of these ids by a run; reads the samples once. */
  judgeClaims(run: Run, samples: Iterable<Sample>, ids: readonly string[]): Promise<ClaimsReport>
  /** A calibration by itself, for a terminal. */
  describeCalibration(calibration: Calibration, color: boolean): Promise<string>
}

export interface HistoryRooms {
  digestOf(run: RunSamples): RunDigest
  historyReport(
    runs: readonly HistoryRun[],
    unreadable: History['leftOut'],
    options: HistoryOptions,
    bench: string,
  ): HistoryReport
}

/** How the result of a run is shown. */
export interface RunFlags {
  /** Whether standard output gets JSON and nothing else. */
  json: boolean
  /** Whether progress is left out. */
  quiet: boolean
  /** Whether every table is printed after the answer. */
  tables?: boolean
  /** Whether the caller shows the result. */
  silent?: boolean
}

export function widthOf(stream: NodeJS.WriteStream): number {
  return stream.isTTY ? stream.columns : 120
}
