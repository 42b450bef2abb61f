/** A run as one table: a configuration a row, a question a column. Pure data in base units; whatever draws it formats it. */
import type { DriverInfo } from '../../harness/contracts/run.ts'
import type { Answer } from '../../harness/statistics/answers.ts'
import type { AimedRatio, PhaseInfo, PhaseSummary } from '../summary/figures.ts'
import { groupBy } from '../summary/group-by.ts'
import type { CellSummary, Panel, Standing, Summary } from '../summary/types.ts'

export interface Matrix {
  /** Questions in the order of the run: a panel each, at the top of its axis. */
  questions: readonly MatrixQuestion[]
  /**
   * Configurations that were measured: the cheapest overall first, those with fewer figures than others behind them, then
   * labelled equals, then controls.
   */
  rows: readonly MatrixRow[]
  /** Configurations without any figure, by reason. They have no row. */
  missing: readonly Missing[]
}

export interface MatrixQuestion {
  panel: Panel
  /** Id of the scenario: `bigfile`. */
  scenario: string
  /** Parameters as a person says them, with the cache where the run has both: `256 MiB`, `256 MiB, warm cache`. */
  detail: string
  /** What a trial does: `Changing one byte of a 256 MiB file`. */
  subject: string
  /** What the cells are compared with: the best, or the control where a single configuration is compared. */
  against: 'best' | 'control'
  /** Headline of the cells; null where they have no phases. */
  phase: PhaseInfo | null
}

export interface MatrixRow {
  configuration: string
  driver: DriverInfo
  /** `labelled`: a configuration that is measured beside its equal. `control`: the reference, a plain directory. */
  kind: 'driver' | 'labelled' | 'control'
  /** Geometric mean of the factors of its cells, as measured; null where there is none. */
  cost: number | null
  /** A cell for each question, in their order; null where the run does not measure it. */
  cells: readonly (MatrixCell | null)[]
}

/**
 * Cost of a configuration in steps: 0 best, about the same, or cheaper; 1 dearer, less than 2×; 2 less than 10×; 3 less than
 * 100×; 4 more.
 */
export type CostLevel = 0 | 1 | 2 | 3 | 4

export interface MatrixCell {
  cell: CellSummary
  /** The phase whose median is shown: the headline, or the phase in which the configuration pays. */
  phase: PhaseSummary | null
  /** Whether `phase` is not the headline. */
  isElsewhere: boolean
  /** Median of `phase` in its unit; null where the cell has no completed sample. */
  median: number | null
  /**
   * Cost divided by that of what it is compared with, as measured: above 1 is dearer, of rates too. Null where there is
   * nothing to compare it with.
   */
  factor: number | null
  isBest: boolean
  /** Whether it is the best while one that is not known yet may prove better. */
  isSoFar: boolean
  /** Ratio that the answer is about, of a rate below 1 where it is dearer; null where `answer` is. */
  ratio: AimedRatio | null
  /** Null for the best itself, a control, a labelled equal and a cell without figures. */
  answer: Answer | null
  /** Null for an open answer, for a best of which nothing is known yet, for what is not compared, and without a median. */
  level: CostLevel | null
}

export interface Missing {
  state: CellSummary['state']
  /** Null where nothing went wrong: the run ended before them. */
  reason: string | null
  hint: string | null
  configurations: readonly string[]
}

/** Returns the matrix of a run. A run without completed samples has no rows. */
export function matrixOf({ panels, cells, run }: Summary): Matrix {
  const hasBothCaches = new Set(run.cells.map(({ cache }) => cache)).size > 1
  const measured = new Set(
    panels.flatMap(({ biggest }) => biggest.filter(isMeasured).map(({ cell }) => cell.configuration)),
  )
  const rows = [...measured].map((configuration) => rowOf(configuration, panels))
  return {
    questions: panels.map((panel) => questionOf(panel, hasBothCaches)),
    rows: rows.sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || byCost(a, b)),
    missing: missingOf(cells.filter(({ cell }) => !measured.has(cell.configuration))),
  }
}

const KINDS: readonly MatrixRow['kind'][] = ['driver', 'labelled', 'control']

/** Sorts what did not do all of it behind what did: its mean is of less. */
function byCost(a: MatrixRow, b: MatrixRow): number {
  const figures = ({ cells }: MatrixRow) => cells.filter((cell) => cell?.median != null).length
  if (figures(a) !== figures(b)) return figures(b) - figures(a)
  return (a.cost ?? Number.MAX_VALUE) - (b.cost ?? Number.MAX_VALUE)
}

function isMeasured({ headline }: CellSummary): boolean {
  return headline?.value != null
}

function questionOf(panel: Panel, hasBothCaches: boolean): MatrixQuestion {
  const cell = panel.biggest[0]?.cell
  const cache = hasBothCaches && cell !== undefined ? [`${cell.cache} cache`] : []
  return {
    panel,
    scenario: panel.scenario.id,
    detail: [cell?.label ?? '', ...cache].filter((part) => part !== '').join(', '),
    subject: cell?.subject ?? '',
    against: isCompared(panel) ? 'best' : 'control',
    phase: panel.biggest.find(({ headline }) => headline !== null)?.headline?.phase ?? null,
  }
}

function rowOf(configuration: string, panels: readonly Panel[]): MatrixRow {
  const standings = panels.map(({ standings: all }) =>
    all.find(({ cell }) => cell.cell.configuration === configuration),
  )
  const first = (standings.find((one) => one !== undefined) as Standing).cell
  const cells = standings.map((standing, index) =>
    standing === undefined ? null : cellOf(standing, panels[index] as Panel),
  )
  return { configuration, driver: first.driver, kind: kindOf(first), cost: meanFactor(cells), cells }
}

function kindOf({ driver, control }: CellSummary): MatrixRow['kind'] {
  if (driver.role === 'control') return 'control'
  return control?.role === 'driver' ? 'labelled' : 'driver'
}

/** Whether there are two configurations or more to compare. */
function isCompared({ standings }: Panel): boolean {
  return standings.some(({ toBest }) => toBest !== null)
}

function cellOf({ cell, isBest, toBest, elsewhere }: Standing, panel: Panel): MatrixCell {
  const phase = elsewhere ?? cell.headline
  const ratio = isCompared(panel) || kindOf(cell) !== 'driver' ? toBest : cell.ratio
  const factor = isCompared(panel)
    ? factorToBest(phase, panel)
    : ratio === null
      ? null
      : costRatio(ratio, phase)
  const answer = ratio?.answer ?? null
  return {
    cell,
    phase,
    isElsewhere: elsewhere !== null,
    median: phase?.value?.median ?? null,
    factor,
    isBest,
    isSoFar: isBest && panel.standings.some(({ toBest: other }) => other?.answer.is === 'open'),
    ratio,
    answer,
    level: ratio === null && isBest ? levelOfBest(panel) : levelOf(answer, factor),
  }
}

/** Returns null where no other configuration is shown to differ from the best: it may be the best by chance. */
function levelOfBest({ standings }: Panel): CostLevel | null {
  return standings.some(({ toBest }) => toBest !== null && toBest.answer.is !== 'open') ? 0 : null
}

function factorToBest(phase: PhaseSummary | null, { standings }: Panel): number | null {
  return factorOf(phase, standings.find(({ isBest }) => isBest)?.cell.headline ?? null)
}

/** Returns how many times as dear the ratio says it is, of a rate, too; null where that is no number above 0. */
export function costRatio({ ratio }: Pick<AimedRatio, 'ratio'>, phase: PhaseSummary | null): number | null {
  const cost = phase?.phase.better === 'higher' ? 1 / ratio : ratio
  return Number.isFinite(cost) && cost > 0 ? cost : null
}

/** Divides medians, so that the factor agrees with the figures that stand beside it. */
function factorOf(phase: PhaseSummary | null, best: PhaseSummary | null): number | null {
  const [own, least] = [phase?.value?.median, best?.value?.median]
  if (own == null || least == null || phase?.phase.unit !== best?.phase.unit) return null
  const factor = phase?.phase.better === 'higher' ? least / own : own / least
  return Number.isFinite(factor) && factor > 0 ? factor : null
}

/** Returns the level of a cost with this answer; null where it is not known. */
export function levelOf(answer: Answer | null, factor: number | null): CostLevel | null {
  if (answer === null || answer.is === 'open') return null
  if (answer.is !== 'dearer') return 0
  // Without a factor the best takes no time, or this one stopped.
  const times = factor ?? Number.POSITIVE_INFINITY
  if (times < 2) return 1
  if (times < 10) return 2
  return times < 100 ? 3 : 4
}

function meanFactor(cells: readonly (MatrixCell | null)[]): number | null {
  const factors = cells.flatMap((cell) => cell?.factor ?? [])
  if (factors.length === 0) return null
  return Math.exp(factors.reduce((sum, factor) => sum + Math.log(factor), 0) / factors.length)
}

function missingOf(cells: readonly CellSummary[]): Missing[] {
  const byReason = groupBy(cells, ({ state, reason, hint }) => JSON.stringify([state, reason, hint]))
  return [...byReason.values()].map((own) => {
    const { state, reason, hint } = own[0] as CellSummary
    return { state, reason, hint, configurations: [...new Set(own.map(({ cell }) => cell.configuration))] }
  })
}
