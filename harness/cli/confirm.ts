/** Measures the cells again that seem to have got worse, before a gate fails because of them. */
import { dirname, resolve } from 'node:path'
import type { ComparedRow, CompareRules, Confirmation } from '../contracts/compare.ts'
import { BenchError, messageOf } from '../contracts/error.ts'
import { isSameHost } from '../contracts/fingerprint-facts.ts'
import type { ComparisonReport } from '../contracts/report.ts'
import type { Run } from '../contracts/run.ts'
import { fingerprint } from '../host/fingerprint.ts'
import { unrecordedHost } from '../host/index.ts'
import type { FoundRun } from '../results/history.ts'
import { openRun } from './baseline.ts'
import type { Context } from './context.ts'
import { measureCellsAgain } from './measure-again.ts'

export interface Suspicion {
  baseline: FoundRun
  candidate: FoundRun
  rules: CompareRules
  drawn: ComparisonReport
}

/** Measures cells of a run again; returns the folder of the run that did. Throws where that cannot be done here. */
export type MeasureAgain = (
  candidate: FoundRun,
  cells: ReadonlySet<string>,
  rounds: number,
  context: Context,
) => Promise<string>

/**
 * Measures suspicious cells again, and compares the new samples alone with the baseline: those that raised the suspicion were
 * picked for being slow. A cell must be worse by itself and by its ratio to its control, which was measured in between: where
 * both became slower, the host did. A regression that is exact needs no confirmation. Null where nothing is suspicious. Where it
 * cannot be done, the reason is in the result.
 */
export async function confirm(
  { baseline, candidate, rules, drawn }: Suspicion,
  rounds: number,
  context: Context,
  measure: MeasureAgain = measureAgain,
): Promise<Confirmation | null> {
  const suspicious = drawn.rows.filter(isSuspicious)
  if (suspicious.length === 0) return null
  const nothing = { run: null, rounds, reason: null, confirmed: [], cleared: [], open: [] }
  try {
    const folder = await measure(candidate, new Set(suspicious.map(({ cell }) => cell)), rounds, context)
    const again = openRun(folder)
    const figures = await context.compare(baseline, again, rules)
    const ratios = await context.compare(baseline, again, { ...rules, byRatios: true })
    return { ...nothing, run: again.run.id, ...sorted(suspicious, [figures.rows, ratios.rows], again) }
  } catch (error) {
    if (!(error instanceof BenchError)) throw error
    return { ...nothing, reason: messageOf(error) }
  }
}

function isSuspicious({ gate, changes }: ComparedRow): boolean {
  return gate === 'failed' && !changes.some(({ isExact, isRegression }) => isExact && isRegression)
}

function sorted(
  suspicious: readonly ComparedRow[],
  [figures, ratios]: readonly [readonly ComparedRow[], readonly ComparedRow[]],
  { run }: Pick<FoundRun, 'run'>,
): Pick<Confirmation, 'confirmed' | 'cleared' | 'open'> {
  const hasControl = new Set(run.cells.filter(({ control }) => control !== null).map(({ id }) => id))
  const found = suspicious.map(({ cell, regression }) => {
    const find = (rows: readonly ComparedRow[]) => rows.find((row) => row.cell === cell)
    const rows = [find(figures), ...(hasControl.has(cell) ? [find(ratios)] : [])]
    return { state: stateOf(rows), line: rows[0]?.regression ?? regression ?? cell }
  })
  const of = (state: string) => found.filter((one) => one.state === state).map(({ line }) => line)
  return { confirmed: of('confirmed'), cleared: of('cleared'), open: of('open') }
}

function stateOf(
  rows: readonly (ComparedRow | undefined)[],
): keyof Pick<Confirmation, 'confirmed' | 'cleared' | 'open'> {
  if (rows.some((row) => row?.gate === 'passed')) return 'cleared'
  // With too few rounds nothing was learnt, so that the first finding stands.
  const isFound = (row?: ComparedRow) => row?.gate === 'failed' || row?.verdict === 'too-few-rounds'
  return rows.every(isFound) ? 'confirmed' : 'open'
}

/** Measures on this machine, in a run folder beside the candidate's. Throws where it is not the candidate's host. */
async function measureAgain(
  candidate: FoundRun,
  cells: ReadonlySet<string>,
  rounds: number,
  context: Context,
): Promise<string> {
  await requireSameHost(candidate.run, context)
  return measureCellsAgain(candidate, cells, rounds, dirname(resolve(candidate.folder)), context)
}

async function requireSameHost({ host, options }: Run, context: Context): Promise<void> {
  const { drivers } = await context.registry()
  const here = await fingerprint(
    unrecordedHost(),
    options.scratch.path,
    drivers.map(({ meta }) => meta),
  )
  if (isSameHost(here, host)) return
  throw new BenchError('this host is not as it was when the run was measured', { code: 'confirm.other-host' })
}
