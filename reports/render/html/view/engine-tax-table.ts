import { formatRatio, formatRatioInterval, formatValue, NOTHING } from '../../../format/format.ts'
import type { PhaseTax } from '../../../summary/figures.ts'
import { phasesAcross } from '../../../summary/phases.ts'
import type { CellSummary, Panel } from '../../../summary/types.ts'
import { taxAnswer } from '../../tables/engine-tax.ts'
import { type DataCell, dataCell } from './data-cell.ts'
import type { Styles } from './palette.ts'
import { tableView, type TableView } from './table.ts'

const NOTE =
  'Each phase through the engine, divided by the same phase without it, pair by pair of the same round; below it the interval, the ' +
  'medians with and without the engine, and the answer, which is judged together with all others of this kind.'

/** Returns what engines add, by phase. Null where none was measured beside the same without it. */
export function engineTaxTable(whole: Panel, styles: Styles): TableView | null {
  const panel = { ...whole, cells: whole.cells.filter(({ engineTax }) => engineTax !== null) }
  if (panel.cells.length === 0) return null
  const compared = { title: 'Without the engine', sub: '', isText: true as const, cell: withoutCell }
  const phases = phasesAcross(panel).map((phase) => ({
    title: phase.title,
    sub: phase.sum === undefined ? '' : 'sum',
    cell: ({ engineTax }: CellSummary) =>
      taxCell(engineTax?.phases.find((one) => one.phase.id === phase.id) ?? null),
  }))
  const named = { name: 'engine-tax', caption: 'engine tax', note: NOTE }
  return tableView(panel, named, [compared, ...phases], styles)
}

function withoutCell({ engineTax }: CellSummary): DataCell {
  return dataCell(engineTax?.configuration ?? NOTHING)
}

function taxCell(tax: PhaseTax | null): DataCell {
  if (tax === null) return dataCell(NOTHING)
  const { phase, through, without, ratio } = tax
  return dataCell(formatRatio(ratio.ratio), {
    subs: [
      formatRatioInterval(ratio.low, ratio.high),
      `${formatValue(through, phase.unit)} / ${formatValue(without, phase.unit)}`,
      taxAnswer(tax),
    ],
  })
}
