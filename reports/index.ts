/** From runs and their samples to what a person reads. Pure but for reading the pages' own assets. */
import type { Accepted } from '../harness/contracts/accepted.ts'
import type { CompareRules } from '../harness/contracts/compare.ts'
import type { ClaimsReport } from '../harness/contracts/claims.ts'
import type { Fleet } from '../harness/contracts/fleet.ts'
import type { History, HistoryOptions, HistoryRun } from '../harness/contracts/history.ts'
import type {
  ComparisonReport,
  HistoryReport,
  HostRun,
  Report,
  RunSamples,
} from '../harness/contracts/report.ts'
import type { Run } from '../harness/contracts/run.ts'
import type { Sample } from '../harness/contracts/sample.ts'
import { judgeClaims } from './claims/judge.ts'
import { claims } from './claims/list/index.ts'
import { compareRuns } from './compare/compare.ts'
import { regressionLines } from './compare/lines.ts'
import { comparedRow } from './compare/rows.ts'
import { undecidedLines } from './compare/undecided.ts'
import { fleetRows } from './fleet/rows.ts'
import { summarizeFleet } from './fleet/summarize.ts'
import { claimsHtml } from './render/html/claims.ts'
import { comparisonHtml } from './render/html/comparison.ts'
import { historyOf } from './history/history.ts'
import { historyHtml } from './render/html/history.ts'
import { historyTerminal } from './render/terminal/history.ts'
import { fleetHtml } from './render/html/fleet.ts'
import { runHtml } from './render/html/run.ts'
import { claimsMarkdown } from './render/markdown/claims.ts'
import { comparisonMarkdown } from './render/markdown/comparison.ts'
import { fleetMarkdown } from './render/markdown/fleet.ts'
import { runMarkdown } from './render/markdown/run.ts'
import { claimsTerminal } from './render/terminal/claims.ts'
import { comparisonTerminal } from './render/terminal/comparison.ts'
import { fleetTerminal } from './render/terminal/fleet.ts'
import { runTerminal } from './render/terminal/run.ts'
import { standingOf } from './verdict/standing.ts'
import { totalOf } from './summary/sample-counts.ts'
import { summarize } from './summary/summarize.ts'
import { countTrials } from './summary/validation.ts'

export { digestOf } from './history/digest.ts'
export { exportRuns } from './export/export.ts'
export { renderCalibration } from './render/terminal/calibration.ts'

/** Reads the samples once, and again as far as the page carries them. Throws what reading them throws. */
export function runReport(run: Run, samples: Iterable<Sample>, accepted: Accepted | null = null): Report {
  const summary = { ...summarize(run, samples), accepted }
  return {
    samples: totalOf(summary.samples),
    trials: summary.validation === null ? null : countTrials(summary.validation),
    rows: summary.rows,
    standing: () => standingOf(summary),
    terminal: (width, color, withTables) => runTerminal(summary, width, color, withTables),
    markdown: () => runMarkdown(summary),
    html: () => runHtml(summary, samples),
  }
}

/** Reports a fleet: the hosts side by side, in the rows under their names. Throws as {@link summarizeFleet} does. */
export function fleetReport(fleet: Fleet, runs: readonly HostRun[]): Report {
  const summary = summarizeFleet(fleet, runs)
  return {
    samples: summary.samples,
    trials: null,
    rows: fleetRows(summary),
    standing: () => ({ answers: '', leaders: '' }),
    terminal: (width, color) => fleetTerminal(summary, width, color),
    markdown: () => fleetMarkdown(summary),
    html: () => fleetHtml(summary),
  }
}

/** Reports the runs of a history. `bench`: version of this program. */
export function historyReport(
  runs: readonly HistoryRun[],
  unreadable: History['leftOut'],
  options: HistoryOptions,
  bench: string,
): HistoryReport {
  const history = historyOf(runs, unreadable, options)
  return {
    history,
    terminal: (width, color) => historyTerminal(history, width, color),
    html: () => historyHtml(history, bench),
  }
}

/** Reports two runs side by side. Throws as {@link compareRuns} does. */
export function comparisonReport(
  baseline: RunSamples,
  candidate: RunSamples,
  rules: CompareRules,
): ComparisonReport {
  const comparison = compareRuns(baseline, candidate, rules)
  return {
    incomparableReasons: comparison.incomparableReasons,
    across: comparison.across,
    judgedBy: comparison.judgedBy,
    regressions: regressionLines(comparison),
    undecided: undecidedLines(comparison),
    rows: comparison.cells.map((cell) => comparedRow(cell, comparison)),
    terminal: (width, color) => comparisonTerminal(comparison, width, color),
    markdown: () => comparisonMarkdown(comparison),
    html: () => comparisonHtml(comparison),
  }
}

/** Judges the claims of these ids by a run; reads the samples once. Throws what reading them throws. */
export function claimsReport(run: Run, samples: Iterable<Sample>, ids: readonly string[]): ClaimsReport {
  const rows = judgeClaims(
    claims.filter(({ id }) => ids.includes(id)),
    run,
    samples,
  )
  return {
    rows,
    terminal: (width, color) => claimsTerminal(run, rows, width, color),
    markdown: () => claimsMarkdown(run, rows),
    html: () => claimsHtml(run, rows),
  }
}
