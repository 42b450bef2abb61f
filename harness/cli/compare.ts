/** `bench compare`: two runs side by side, and whether the newer one is worse. */
import { ExitCode, usageError } from '../contracts/error.ts'
import type { ComparisonResult } from '../contracts/compare.ts'
import type { ComparisonReport } from '../contracts/report.ts'
import { integerOf } from '../plan/request.ts'
import { generalThreshold } from '../contracts/thresholds.ts'
import { checkKeys, parseThresholds, sharesOf } from '../plan/gate.ts'
import { isOfCells, parseAcross } from './across.ts'
import { baselineOf, lackOf, openRun } from './baseline.ts'
import { confirm } from './confirm.ts'
import { type Context, widthOf } from './context.ts'
import { confirmationMarkdown, keepGate, type Outcome } from './gate.ts'
import { useColor } from '../terminal/color.ts'
import { requireOneForm } from './one-form.ts'
import { writeOutput } from './write-output.ts'

export interface CompareFlags {
  history?: string
  failOnRegression?: true
  across?: string
  confirm?: string
  threshold?: string[]
  json?: true
  markdown?: true
  output?: string
}

export async function compare(
  folders: readonly string[],
  flags: CompareFlags,
  context: Context,
): Promise<number> {
  const across = flags.across === undefined ? [] : parseAcross(flags.across)
  const given = sharesOf(parseThresholds(flags.threshold ?? []), '--threshold')
  requireOneForm(flags, 'the comparison')
  const rounds = roundsToConfirm(flags)
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
  const confirmation =
    baseline === null || drawn === null || rounds === null
      ? null
      : await confirm({ baseline, candidate, rules, drawn }, rounds, context)
  const outcome = { baseline, candidate, rules, drawn, undecided, confirmation }
  if (drawn !== null && flags.output !== undefined) writeOutput(flags.output, drawn.html())
  show(outcome, flags, context)
  return flags.failOnRegression ? keepGate(outcome, context) : ExitCode.done
}

/** A regression of hundreds of rounds more would not be believed either. */
const MOST_ROUNDS = 100

/** Returns the rounds of `--confirm`; null without it. */
function roundsToConfirm({ confirm: rounds, failOnRegression }: CompareFlags): number | null {
  if (rounds === undefined) return null
  if (!failOnRegression)
    throw usageError('conflict', '--confirm requires --fail-on-regression', 'give both, or neither')
  return integerOf('--confirm', rounds, 1, MOST_ROUNDS)
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

function show(outcome: Outcome, flags: CompareFlags, context: Context): void {
  const { stdout } = context
  if (flags.json) stdout.write(`${JSON.stringify(resultOf(outcome))}\n`)
  else if (outcome.drawn === null) stdout.write(`${nothingToCompare(outcome)}\n`)
  else if (flags.markdown) stdout.write(`${outcome.drawn.markdown()}${confirmationMarkdown(outcome)}`)
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
    confirmation: outcome.confirmation,
    undecided: [...outcome.undecided],
    rows: [...(drawn?.rows ?? [])],
  }
}
