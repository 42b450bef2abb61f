import {
  formatInterval,
  formatP,
  formatPercent,
  formatRatio,
  formatValue,
  NOTHING,
} from '../../../format/format.ts'
import { phasesAcross } from '../../../summary/phases.ts'
import type { PhaseSummary } from '../../../summary/figures.ts'
import type { CellSummary, Panel } from '../../../summary/types.ts'
import { type DataCell, dataCell } from './data-cell.ts'
import type { Styles } from './palette.ts'
import { tableView, type TableView } from './table.ts'

const NOTE =
  'Median, below it the interval, and the ratio to the control with the p of that phase alone: it is not adjusted for ' +
  'the number of phases, so one in twenty falls under 0.05 by chance. The headline’s is adjusted.'

/** Every phase of every cell. Null where there is only the headline. */
export function phasesTable(panel: Panel, styles: Styles): TableView | null {
  const phases = phasesAcross(panel)
  if (phases.length < 2) return null
  const columns = phases.map((phase) => ({
    title: phase.title,
    sub: phase.sum === undefined ? '' : 'sum',
    cell: (cell: CellSummary) => phaseCell(cell.phases.find((one) => one.phase.id === phase.id) ?? null),
  }))
  return tableView(panel, { name: 'every-phase', caption: 'every phase', note: NOTE }, columns, styles)
}

function phaseCell(summary: PhaseSummary | null): DataCell {
  if (summary?.value == null) return dataCell(NOTHING)
  const { phase, value, ratio, belowFloor, modes, drift, limit } = summary
  const compared =
    ratio === null ? [] : [`${formatRatio(ratio.ratio)}, ${formatP(ratio.pAdjusted ?? ratio.p)}`]
  return dataCell(formatValue(value.median, phase.unit), {
    subs: [
      formatInterval(value.low, value.high, value.median, phase.unit),
      ...compared,
      ...(limit === null ? [] : [`${formatPercent(limit.share)} of the device`]),
    ],
    marks: [
      ...(belowFloor ? ['below the floor'] : []),
      ...(modes.length > 1 ? [`${modes.length} modes`] : []),
      ...(drift === null ? [] : [`drifts by ${formatPercent(drift)}`]),
    ],
  })
}
