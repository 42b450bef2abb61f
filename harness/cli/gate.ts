/** The gate of `bench compare`: its outcome, kept beside run.json, said on standard error, and given as exit code. */
import { GATE_SCHEMA_VERSION, type CompareRules, type Confirmation, type Gate } from '../contracts/compare.ts'
import { ExitCode } from '../contracts/error.ts'
import type { ComparisonReport } from '../contracts/report.ts'
import { generalThreshold } from '../contracts/thresholds.ts'
import { writeGate } from '../results/gate.ts'
import type { FoundRun } from '../results/history.ts'
import type { Context } from './context.ts'

/** The runs, and their comparison; no baseline where the history holds none. */
export interface Outcome {
  baseline: FoundRun | null
  candidate: FoundRun
  rules: CompareRules
  drawn: ComparisonReport | null
  /** Why cells could not be judged, a line for each reason; without a baseline: why the next run could not be. */
  undecided: readonly string[]
  confirmation: Confirmation | null
}

const EXIT_CODES: Readonly<Record<Gate['outcome'], ExitCode>> = {
  passed: ExitCode.done,
  first: ExitCode.done,
  failed: ExitCode.gateFailed,
  undecided: ExitCode.gateUndecided,
}

/** Keeps the outcome beside the candidate's run.json, and says what failed and what is undecided, a line each. */
export function keepGate(judged: Outcome, { stderr }: Pick<Context, 'stderr'>): ExitCode {
  const { baseline, candidate, rules, confirmation } = judged
  const regressions = standing(judged)
  const undecided = [...judged.undecided, ...(confirmation?.open ?? []).map(openLine)]
  const outcome = outcomeOf(judged.baseline, regressions, undecided)
  writeGate(candidate.folder, {
    schema: GATE_SCHEMA_VERSION,
    run: candidate.run.id,
    baseline: baseline?.run.id ?? null,
    threshold: generalThreshold(rules.thresholds),
    thresholds: rules.thresholds,
    across: [...rules.across],
    outcome,
    regressions,
    confirmation,
    undecided,
  })
  if (outcome === 'first') stderr.write(`bench: ${candidate.run.id} is the first of its fingerprint\n`)
  for (const line of aboutConfirmation(confirmation)) stderr.write(`bench: ${line}\n`)
  for (const line of regressions) stderr.write(`bench: regression: ${line}\n`)
  for (const line of undecided) stderr.write(`bench: undecided: ${line}\n`)
  return EXIT_CODES[outcome]
}

/** Returns what `--confirm` has shown, as a section of Markdown; empty where nothing was measured again. */
export function confirmationMarkdown({ confirmation }: Outcome): string {
  const lines = [...aboutConfirmation(confirmation), ...(confirmation?.open ?? []).map(openLine)]
  if (lines.length === 0) return ''
  return `\n### Measured again\n\n${lines.map((line) => `- ${line.replaceAll(/[\\`*_<>|]/g, '\\$&')}\n`).join('')}`
}

/** Returns the regressions that stand: those that are exact, and those that were not refuted by measuring again. */
function standing({ drawn, confirmation }: Outcome): string[] {
  if (drawn === null) return []
  if (confirmation === null || confirmation.run === null) return [...drawn.regressions]
  const exact = drawn.rows.filter(({ changes }) => changes.some((one) => one.isExact && one.isRegression))
  return [...exact.flatMap(({ regression }) => regression ?? []), ...confirmation.confirmed]
}

/** Returns the outcome: a regression that is shown fails it, and it passes only where every cell was judged. */
function outcomeOf(
  baseline: FoundRun | null,
  regressions: readonly string[],
  undecided: readonly string[],
): Gate['outcome'] {
  if (regressions.length > 0) return 'failed'
  if (undecided.length > 0) return 'undecided'
  return baseline === null ? 'first' : 'passed'
}

function openLine(line: string): string {
  return `measured again, it is neither worse nor shown not to be: ${line}`
}

function aboutConfirmation(confirmation: Confirmation | null): string[] {
  if (confirmation === null) return []
  const { run, rounds, reason, confirmed, cleared } = confirmation
  if (run === null)
    return [`suspicious cells could not be measured again, so that the first finding stands: ${reason}`]
  return [
    ...(confirmed.length === 0
      ? []
      : [`confirmed in ${rounds} rounds of ${run}: ${confirmed.length} of them`]),
    ...cleared.map((line) => `not confirmed in ${rounds} rounds of ${run}: ${line}`),
  ]
}
