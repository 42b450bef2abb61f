/** `bench compare`: two runs side by side, and whether the newer one is worse. */
import { ExitCode, messageOf, usageError } from '../contracts/error.ts'
import {
  GATE_SCHEMA_VERSION,
  type CompareRules,
  type ComparisonResult,
  type Gate,
} from '../contracts/compare.ts'
import type { ComparisonReport } from '../contracts/report.ts'
import { writeNamedFile } from '../linux/named-file.ts'
import { generalThreshold } from '../contracts/thresholds.ts'
import { checkKeys, parseThresholds, sharesOf } from '../plan/gate.ts'
import { writeGate } from '../results/gate.ts'
import type { FoundRun } from '../results/history.ts'
import { isOfCells, parseAcross } from './across.ts'
import { baselineOf, lackOf, openRun } from './baseline.ts'
import { type Context, widthOf } from './context.ts'
import { useColor } from '../terminal/color.ts'

export interface CompareFlags {
  history?: string
  failOnRegression?: true
  across?: string
  threshold?: string[]
  json?: true
  markdown?: true
  output?: string
}

/** The runs, and their comparison; no baseline where the history holds none. */
interface Outcome {
  baseline: FoundRun | null
  candidate: FoundRun
  rules: CompareRules
  drawn: ComparisonReport | null
  /** Why cells could not be judged, a line for each reason; without a baseline: why the next run could not be. */
  undecided: readonly string[]
}

export async function compare(
  folders: readonly string[],
  flags: CompareFlags,
  context: Context,
): Promise<number> {
  const across = flags.across === undefined ? [] : parseAcross(flags.across)
  const given = sharesOf(parseThresholds(flags.threshold ?? []), '--threshold')
  if (flags.json && flags.markdown) {
    throw usageError('two-forms', '--json and --markdown both print the comparison', 'give one of them')
  }
  const { baseline, candidate } = await findRuns(folders, flags.history, across, context)
  checkKeys(Object.keys(given), candidate.run.scenarios, '--threshold')
  // The command line replaces thresholds of the candidate's plan key by key.
  const rules = { thresholds: { ...candidate.run.options.gate, ...given }, across }
  const drawn = baseline === null ? null : await context.compare(baseline, candidate, rules)
  if (drawn?.rows.length === 0) {
    throw usageError(
      'no-common-cells',
      `no cell is in both ${baseline?.folder} and ${candidate.folder}`,
      'compare runs that measured the same configurations and scenarios',
    )
  }
  const undecided = drawn?.undecided ?? (await lackOf(candidate, context))
  const outcome = { baseline, candidate, rules, drawn, undecided }
  if (drawn !== null && flags.output !== undefined) writePage(flags.output, drawn)
  show(outcome, flags, context)
  return flags.failOnRegression ? gate(outcome, context) : ExitCode.done
}

async function findRuns(
  folders: readonly string[],
  history: string | undefined,
  across: readonly string[],
  context: Context,
): Promise<Pick<Outcome, 'baseline' | 'candidate'>> {
  const [first = '', second] = folders
  if (history !== undefined) {
    if (folders.length !== 1)
      throw usageError(
        'compare-runs',
        `expected one run with --history, got ${folders.length}`,
        'give only the folder of the candidate',
      )
    const ofCells = across.find(isOfCells)
    if (ofCells !== undefined)
      throw usageError(
        'compare-runs',
        `--across ${ofCells} cannot be given with --history, which finds runs of the same cells`,
        'give the folders of the baseline and of the candidate',
      )
    const candidate = openRun(first)
    return { baseline: await baselineOf(candidate, history, across, context), candidate }
  }
  if (second === undefined || folders.length > 2) {
    throw usageError(
      'compare-runs',
      `expected two runs, got ${folders.length}`,
      'give the folders of the baseline and of the candidate, or --history DIR',
    )
  }
  return { baseline: openRun(first), candidate: openRun(second) }
}

function writePage(path: string, drawn: ComparisonReport): void {
  try {
    writeNamedFile(path, drawn.html())
  } catch (error) {
    throw usageError(
      'output',
      `--output ${path}: ${messageOf(error)}`,
      'give a file in a folder that can be written',
    )
  }
}

function show(outcome: Outcome, flags: CompareFlags, context: Context): void {
  const { stdout } = context
  if (flags.json) stdout.write(`${JSON.stringify(resultOf(outcome))}\n`)
  else if (outcome.drawn === null) stdout.write(`${nothingToCompare(outcome)}\n`)
  else if (flags.markdown) stdout.write(outcome.drawn.markdown())
  else showOnTerminal(outcome.drawn, flags, context)
}

/** Prints the tables and what they say; a gate prints the lines of the regressions itself. */
function showOnTerminal(drawn: ComparisonReport, flags: CompareFlags, { stdout }: Context): void {
  const lines = flags.failOnRegression ? [] : drawn.regressions.map((line) => `regression: ${line}\n`)
  stdout.write(`${drawn.terminal(widthOf(stdout), useColor(stdout))}\n${lines.join('')}`)
  if (flags.output !== undefined) stdout.write(`\n${flags.output}\n`)
}

function nothingToCompare({ candidate }: Outcome): string {
  return `There is no earlier good run of the fingerprint and the cells of ${candidate.run.id}: it is the first.`
}

function resultOf(outcome: Outcome): ComparisonResult {
  const { baseline, candidate, rules, drawn } = outcome
  return {
    baseline: baseline?.folder ?? null,
    candidate: candidate.folder,
    comparable: drawn?.incomparableReasons.length === 0,
    differences: [...(drawn?.incomparableReasons ?? [nothingToCompare(outcome)])],
    across: [...(drawn?.across ?? [])],
    judgedBy: drawn?.judgedBy ?? 'figures',
    threshold: generalThreshold(rules.thresholds),
    thresholds: rules.thresholds,
    regressions: [...(drawn?.regressions ?? [])],
    undecided: [...outcome.undecided],
    rows: [...(drawn?.rows ?? [])],
  }
}

/** Keeps the outcome beside the candidate's run.json, and says what failed and what is undecided, a line each. */
function gate(judged: Outcome, { stderr }: Context): number {
  const { baseline, candidate, rules, drawn, undecided } = judged
  const regressions = [...(drawn?.regressions ?? [])]
  const outcome = outcomeOf(judged)
  writeGate(candidate.folder, {
    schema: GATE_SCHEMA_VERSION,
    run: candidate.run.id,
    baseline: baseline?.run.id ?? null,
    threshold: generalThreshold(rules.thresholds),
    thresholds: rules.thresholds,
    across: [...rules.across],
    outcome,
    regressions,
    undecided: [...undecided],
  })
  if (outcome === 'first') stderr.write(`bench: ${candidate.run.id} is the first of its fingerprint\n`)
  for (const line of regressions) stderr.write(`bench: regression: ${line}\n`)
  for (const line of undecided) stderr.write(`bench: undecided: ${line}\n`)
  return EXIT_CODES[outcome]
}

const EXIT_CODES: Readonly<Record<Gate['outcome'], ExitCode>> = {
  passed: ExitCode.done,
  first: ExitCode.done,
  failed: ExitCode.gateFailed,
  undecided: ExitCode.gateUndecided,
}

/** Returns the outcome of a gate: a regression that is shown fails it, and it passes only where every cell was judged. */
function outcomeOf({ baseline, drawn, undecided }: Outcome): Gate['outcome'] {
  if (drawn !== null && drawn.regressions.length > 0) return 'failed'
  if (undecided.length > 0) return 'undecided'
  return baseline === null ? 'first' : 'passed'
}
