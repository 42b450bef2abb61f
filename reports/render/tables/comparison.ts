import {
  formatInterval,
  formatP,
  formatRatio,
  formatRatioInterval,
  formatValue,
  NOTHING,
} from '../../format/format.ts'
import type { Grid, GridColumn } from './grid.ts'
import { groupsOf } from '../../summary/panel-groups.ts'
import type { CellSummary } from '../../summary/types.ts'
import { comparedPanels } from '../../compare/panels.ts'
import { phaseChanges } from '../../compare/lines.ts'
import { type ComparedCell, type Comparison, isComparable, outcomeOf } from '../../compare/types.ts'

interface CompareColumn extends GridColumn {
  /** True for columns that exist only where the runs are compared. */
  isJudgement?: true
  text(cell: ComparedCell, judgedBy: Comparison['judgedBy']): string
}

/** Place of the ratios to the control in a narrow table: they are left out before all others. */
const RATIOS_TO_CONTROL = 6

const COLUMNS: readonly CompareColumn[] = [
  {
    title: 'configuration',
    align: 'left',
    leaveOut: 0,
    text: ({ candidate }) => candidate.cell.configuration,
  },
  { title: 'baseline', align: 'right', leaveOut: 0, text: ({ baseline }) => medianText(baseline) },
  { title: 'interval', align: 'right', leaveOut: 5, text: ({ baseline }) => intervalText(baseline) },
  { title: 'candidate', align: 'right', leaveOut: 0, text: ({ candidate }) => medianText(candidate) },
  { title: 'interval', align: 'right', leaveOut: 5, text: ({ candidate }) => intervalText(candidate) },
  {
    title: 'ratio',
    align: 'right',
    leaveOut: 0,
    isJudgement: true,
    text: ({ ratio }) => formatRatio(ratio?.ratio ?? null),
  },
  {
    title: 'interval',
    align: 'right',
    leaveOut: 2,
    isJudgement: true,
    text: ({ ratio }) => formatRatioInterval(ratio?.low ?? null, ratio?.high ?? null),
  },
  {
    title: 'adjusted p',
    align: 'right',
    leaveOut: 4,
    isJudgement: true,
    // The heading says already what it is.
    text: ({ ratio }) => formatP(ratio?.pAdjusted ?? null).replace(/^p /, ''),
  },
  {
    title: '÷ control, then',
    align: 'right',
    leaveOut: RATIOS_TO_CONTROL,
    text: ({ baseline }) => taxText(baseline),
  },
  {
    title: 'and now',
    align: 'right',
    leaveOut: RATIOS_TO_CONTROL,
    text: ({ candidate }) => taxText(candidate),
  },
  { title: 'verdict', align: 'left', leaveOut: 1, isJudgement: true, text: verdictText },
]

/** A table for each panel of the candidate, and for each value of its axis. */
export function comparisonGrids(comparison: Comparison): Grid[] {
  const columns = COLUMNS.filter(({ isJudgement }) => isJudgement !== true || isComparable(comparison))
  return comparedPanels(comparison).flatMap(({ panel, byId }) =>
    groupsOf(panel).map(({ title, cells }) => {
      const headline = cells.find((cell) => cell.headline !== null)?.headline?.phase.title ?? ''
      const parts = [panel.scenario.title, panel.title, title, headline]
      const compared = cells.flatMap(({ cell }) => byId.get(cell.id) ?? [])
      return {
        title: parts.filter((part) => part !== '').join(' · '),
        columns: columns.map((column) => titled(column, comparison.judgedBy)),
        rows: compared.map((cell) => columns.map((column) => column.text(cell, comparison.judgedBy))),
      }
    }),
  )
}

/** Returns a column that says what the ratio is of, and keeps the ratios to the control where they are judged. */
function titled(column: CompareColumn, judgedBy: Comparison['judgedBy']): CompareColumn {
  if (judgedBy !== 'ratios') return column
  if (column.title === 'ratio') return { ...column, title: 'ratio of both' }
  return column.leaveOut === RATIOS_TO_CONTROL ? { ...column, leaveOut: 0 } : column
}

export function medianText({ headline, state }: CellSummary): string {
  if (headline?.value == null) return state === 'completed' ? NOTHING : state
  return formatValue(headline.value.median, headline.phase.unit)
}

export function intervalText({ headline }: CellSummary): string {
  if (headline?.value == null) return NOTHING
  const { low, high, median } = headline.value
  return formatInterval(low, high, median, headline.phase.unit)
}

function taxText({ ratio }: CellSummary): string {
  return formatRatio(ratio?.ratio ?? null)
}

/** The verdict, and what is exact and differs. */
export function verdictText(cell: ComparedCell, judgedBy: Comparison['judgedBy'] = 'figures'): string {
  return [outcomeOf(cell), ...[...cell.changes, ...phaseChanges(cell, judgedBy)].map(({ what }) => what)]
    .filter((part) => part !== '')
    .join('; ')
}
