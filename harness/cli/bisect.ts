/** `bench bisect`: tells `git bisect run` whether a cell is as good as in a good run. */
import type { ComparedRow, CompareRules } from '../contracts/compare.ts'
import { BisectCode } from '../contracts/bisect.ts'
import type { Cell } from '../contracts/cell.ts'
import { BenchError, usageError } from '../contracts/error.ts'
import { checkKeys, parseThresholds, sharesOf } from '../plan/gate.ts'
import { integerOf } from '../plan/request.ts'
import { suggestion } from '../plan/suggest.ts'
import type { FoundRun } from '../results/history.ts'
import { isOfCells, parseAcross } from './across.ts'
import { openRun } from './baseline.ts'
import { type BisectLabFlags, measureInLab } from './bisect-lab.ts'
import type { Context } from './context.ts'
import { measureCellsAgain } from './measure-again.ts'

export interface BisectFlags extends BisectLabFlags {
  good: string
  cell?: string
  rounds?: string
  threshold?: string[]
  across?: string
  output: string
}

/** Measures the cell and its control; returns the run folder. Throws `bisect.untestable` where this kernel cannot be tested. */
export type MeasureCell = (good: FoundRun, cell: Cell, rounds: number) => Promise<string>

/** What one measurement says; `exact`: by counters or the mechanism, which need no confirmation. */
interface Finding {
  is: 'good' | 'bad' | 'open'
  isExact: boolean
  line: string
}

const DEFAULT_ROUNDS = '10'
const MOST_ROUNDS = 100
/** Parts of the host that a bisection changes. */
const CHANGES = ['kernel', 'kernel-config']

/** Returns an exit code of {@link BisectCode}. Throws for what makes all of the bisection pointless. */
export async function bisect(
  flags: BisectFlags,
  context: Context,
  measure: MeasureCell = measurerOf(flags, context),
): Promise<BisectCode> {
  const rounds = integerOf('--rounds', flags.rounds ?? DEFAULT_ROUNDS, 1, MOST_ROUNDS)
  const good = openRun(flags.good)
  const cell = cellOf(good, flags.cell)
  const rules = rulesOf(flags, good)
  try {
    const findings: Finding[] = []
    // A second time for what is not exact: figures alone may be bad by chance, or too noisy once.
    while (findings.length < 2 && !isEnough(findings)) {
      const folder = await measure(good, cell, rounds)
      const finding = await findingOf(good, openRun(folder), cell, rules, context)
      context.stdout.write(
        `${finding.is === 'open' ? 'not known' : finding.is}: ${finding.line} (${folder})\n`,
      )
      findings.push(finding)
    }
    return codeOf(findings)
  } catch (error) {
    if (!(error instanceof BenchError && error.code === 'bisect.untestable')) throw error
    context.stdout.write(`cannot tell: ${error.message}\n`)
    return BisectCode.skip
  }
}

function isEnough(findings: readonly Finding[]): boolean {
  const last = findings.at(-1)
  return last !== undefined && (last.is === 'good' || (last.is === 'bad' && last.isExact))
}

function codeOf(findings: readonly Finding[]): BisectCode {
  const last = findings.at(-1)
  if (last?.is === 'good') return BisectCode.good
  if (last?.is === 'bad' && last.isExact) return BisectCode.bad
  return findings.every(({ is }) => is === 'bad') ? BisectCode.bad : BisectCode.skip
}

/** Returns the one cell that is measured: the named one, or the only one of the run that is no control. */
function cellOf({ run, folder }: FoundRun, asked: string | undefined): Cell {
  const controls = new Set(run.cells.map(({ control }) => control))
  const cells = run.cells.filter(({ id }) => (asked === undefined ? !controls.has(id) : id === asked))
  const [cell] = cells
  if (cell !== undefined && cells.length === 1) return cell
  const ids = run.cells.map(({ id }) => `"${id}"`)
  throw usageError(
    'bisect-cell',
    asked === undefined ? `${folder} has ${cells.length} cells` : `${folder} has no cell ${asked}`,
    asked === undefined
      ? `name one with --cell: ${ids.join(', ')}`
      : suggestion(
          asked,
          run.cells.map(({ id }) => id),
        ),
  )
}

function rulesOf(flags: BisectFlags, { run }: FoundRun): CompareRules {
  const given = sharesOf(parseThresholds(flags.threshold ?? []), '--threshold')
  checkKeys(Object.keys(given), run.scenarios, '--threshold')
  const across = flags.across === undefined ? [] : parseAcross(flags.across)
  const ofCells = across.find(isOfCells)
  if (ofCells !== undefined)
    throw usageError(
      'across',
      `--across ${ofCells}: a bisection measures the same cell`,
      'declare parts of the host',
    )
  return { thresholds: { ...run.options.gate, ...given }, across: [...new Set([...CHANGES, ...across])] }
}

async function findingOf(
  good: FoundRun,
  measured: FoundRun,
  cell: Cell,
  rules: CompareRules,
  context: Context,
): Promise<Finding> {
  const outcome = measured.run.outcomes[cell.id]
  if (outcome?.state !== 'completed') {
    const why = outcome !== undefined && 'reason' in outcome ? outcome.reason : 'it was not measured'
    throw new BenchError(`the cell ended as ${outcome?.state ?? 'missing'}: ${why}`, {
      code: 'bisect.untestable',
    })
  }
  const { rows, incomparableReasons } = await context.compare(good, measured, rules)
  if (incomparableReasons.length > 0) {
    throw usageError(
      'bisect-host',
      `the good run cannot be compared with what is measured here: ${incomparableReasons.join(' ')}`,
      'measure the good run again on this host or machine, with its good kernel',
    )
  }
  return findingIn(rows.find((row) => row.cell === cell.id))
}

function findingIn(row: ComparedRow | undefined): Finding {
  const isExact = row?.changes.some((change) => change.isExact && change.isRegression) ?? false
  if (row?.gate === 'failed') return { is: 'bad', isExact, line: row.regression ?? row.cell }
  if (row?.gate === 'passed')
    return { is: 'good', isExact, line: 'shown to be worse by at most the threshold' }
  return { is: 'open', isExact, line: row?.reason ?? 'the cell was not compared' }
}

function measurerOf(flags: BisectFlags, context: Context): MeasureCell {
  if (flags.kernel !== undefined) {
    return (good, cell, rounds) => measureInLab({ good, cell, rounds, output: flags.output }, flags, context)
  }
  const alone = (['modules', 'initrd', 'append', 'flavour', 'memory', 'scratch'] as const).find(
    (name) => flags[name] !== undefined,
  )
  if (alone !== undefined)
    throw usageError('conflict', `--${alone} requires --kernel`, 'give the kernel that was built')
  return (good, cell, rounds) => measureCellsAgain(good, new Set([cell.id]), rounds, flags.output, context)
}
