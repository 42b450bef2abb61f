import { intervalText, medianText } from '../../tables/comparison.ts'
import type { ComparedPanel } from '../../../compare/panels.ts'
import { phaseChanges } from '../../../compare/lines.ts'
import {
  type ComparedCell,
  type Comparison,
  isComparable,
  isImprovement,
  isRegression,
  outcomeOf,
} from '../../../compare/types.ts'
import {
  formatMechanism,
  formatP,
  formatRatio,
  formatRatioInterval,
  NOTHING,
} from '../../../format/format.ts'
import type { CellSummary } from '../../../summary/types.ts'
import { taxText } from '../../tables/tax.ts'
import { legendText, taxSignsIn } from '../../../verdict/signs.ts'
import { type DataCell, dataCell } from './data-cell.ts'
import { coverageNote } from './labels.ts'
import type { Styles } from './palette.ts'
import { type Column, tableView, type TableView } from './table.ts'

interface CompareColumn extends Omit<Column, 'cell'> {
  /** True for columns that exist only where the runs are compared. */
  isJudgement?: true
  /** Title where ratios to the control are compared, instead of figures. */
  titleOfRatios?: string
  cell(compared: ComparedCell, judgedBy: Comparison['judgedBy']): DataCell
}

const COLUMNS: readonly CompareColumn[] = [
  { title: 'Baseline', sub: 'with interval', cell: ({ baseline }) => medianCell(baseline) },
  { title: 'Candidate', sub: 'with interval', cell: ({ candidate }) => medianCell(candidate) },
  {
    title: 'Candidate ÷ baseline',
    titleOfRatios: 'Candidate ÷ baseline, each beside its control',
    sub: 'with interval',
    isJudgement: true,
    cell: ratioCell,
  },
  { title: 'Verdict', sub: 'adjusted p', isText: true, isJudgement: true, cell: verdictCell },
  {
    title: 'Beside the control',
    sub: 'baseline',
    cell: ({ baseline }) => dataCell(taxText(baseline) || NOTHING),
  },
  {
    title: 'Beside the control',
    sub: 'candidate',
    cell: ({ candidate }) => dataCell(taxText(candidate) || NOTHING),
  },
  { title: 'Mechanism', sub: '', isText: true, cell: mechanismCell },
]

/** The headline of every cell of a panel in both runs. */
export function comparisonTable(
  { panel, byId }: ComparedPanel,
  comparison: Comparison,
  styles: Styles,
): TableView {
  const judged = isComparable(comparison)
  const isOfRatios = comparison.judgedBy === 'ratios'
  const columns = COLUMNS.filter(({ isJudgement }) => isJudgement !== true || judged).map((column) => ({
    ...column,
    title: isOfRatios ? (column.titleOfRatios ?? column.title) : column.title,
    cell: ({ cell }: CellSummary) => {
      const compared = byId.get(cell.id)
      return compared === undefined ? dataCell(NOTHING) : column.cell(compared, comparison.judgedBy)
    },
  }))
  const caption = panel.cells.find((cell) => cell.headline !== null)?.headline?.phase.title ?? ''
  return tableView(panel, { name: 'table', caption, note: noteOf(panel.cells, judged) }, columns, styles)
}

function noteOf(cells: readonly CellSummary[], judged: boolean): string {
  const estimates = cells.flatMap(({ headline }) => headline?.value ?? [])
  const better = cells.find(({ headline }) => headline !== null)?.headline?.phase.better ?? 'lower'
  return [
    `Intervals are those of the median${coverageNote(estimates)}.`,
    judged ? `Of the ratio, ${better === 'lower' ? 'below' : 'above'} 1 is better.` : '',
    taxNote(cells),
  ]
    .filter((sentence) => sentence !== '')
    .join(' ')
}

/** Explains the costs beside controls; empty where there are none. */
function taxNote(cells: readonly CellSummary[]): string {
  const signs = taxSignsIn(cells)
  return signs.length === 0
    ? ''
    : `Beside the control: how many times its cost, in each run by itself; ${legendText(signs, ', ')}.`
}

function medianCell(cell: CellSummary): DataCell {
  return dataCell(medianText(cell), { subs: [intervalText(cell)] })
}

function ratioCell({ ratio }: ComparedCell): DataCell {
  if (ratio === null) return dataCell(NOTHING)
  const isShown = !['not-shown', 'too-few-rounds'].includes(ratio.verdict)
  return dataCell(formatRatio(ratio.ratio), {
    subs: [formatRatioInterval(ratio.low, ratio.high)],
    className: isShown ? 'marked' : '',
  })
}

function verdictCell(compared: ComparedCell, judgedBy: Comparison['judgedBy']): DataCell {
  const { ratio, changes } = compared
  return dataCell(outcomeOf(compared) || NOTHING, {
    subs: ratio === null ? [] : [formatP(ratio.pAdjusted)],
    marks: [...changes, ...phaseChanges(compared, judgedBy)].map(({ what }) => what),
    className: `text ${isRegression(compared) ? 'worse' : isImprovement(compared) ? 'improved' : ''}`.trim(),
  })
}

function mechanismCell({ baseline, candidate }: ComparedCell): DataCell {
  const [was, is] = [baseline, candidate].map(({ mechanism }) => formatMechanism(mechanism))
  return dataCell(was === is ? (is ?? NOTHING) : `${was} → ${is}`, { className: 'text' })
}
