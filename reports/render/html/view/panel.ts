import type { CellSummary, Panel } from '../../../summary/types.ts'
import type { ChartView } from './chart-view.ts'
import { chartsOf } from './charts.ts'
import { countersTable } from './counters-table.ts'
import { engineTaxTable } from './engine-tax-table.ts'
import { headlineTable } from './headline-table.ts'
import { ledgerTable } from './ledger-table.ts'
import type { Styles } from './palette.ts'
import { phasesTable } from './phases-table.ts'
import type { TableView } from './table.ts'
import { talliesTable } from './tallies-table.ts'

/** A question with its picture and its figures at the largest parameters; everything else is folded. */
export interface PanelView {
  id: string
  title: string
  charts: readonly ChartView[]
  /** Null where nothing was measured at the largest parameters. */
  table: TableView | null
  /** The same at the other values of the axis. */
  others: TableView | null
  othersTitle: string
  /** Title of what else is folded; empty where there is nothing. */
  moreTitle: string
  moreCharts: readonly ChartView[]
  phases: TableView | null
  counters: TableView | null
  ledger: TableView | null
  /** What an engine adds; null where none was measured beside the same without it. */
  engineTax: TableView | null
  /** What the work changed and made the driver do; null where the scenario counts nothing. */
  tallies: TableView | null
}

/** Charts that are not folded: the headline, and its ratio to the control. */
const SHOWN_CHARTS = 2

export function panelView(panel: Panel, styles: Styles): PanelView {
  const charts = chartsOf(panel, styles)
  const measured = {
    ...panel,
    cells: panel.cells.filter(isMeasured),
    biggest: panel.biggest.filter(isMeasured),
  }
  const rest = measured.cells.filter((cell) => !measured.biggest.includes(cell))
  const phases = phasesTable(measured, styles)
  const moreCharts = charts.slice(SHOWN_CHARTS)
  const othersTitle = panel.axis === null ? '' : `Every other ${panel.axis.key}`
  return {
    id: panel.id,
    title: panel.title,
    charts: charts.slice(0, SHOWN_CHARTS),
    table: tableOf(measured, measured.biggest, { name: 'table', which: '' }, styles),
    others: tableOf(measured, rest, { name: 'others', which: othersTitle.toLowerCase() }, styles),
    othersTitle,
    moreTitle: phases === null && moreCharts.length === 0 ? '' : 'Every phase, and where the time goes',
    moreCharts,
    phases: measured.cells.length === 0 ? null : phases,
    counters: measured.cells.length === 0 ? null : countersTable(measured, styles),
    ledger: ledgerTable(measured, styles),
    engineTax: engineTaxTable(measured, styles),
    tallies: talliesTable(measured, styles),
  }
}

function tableOf(
  panel: Panel,
  cells: readonly CellSummary[],
  { name, which }: { name: string; which: string },
  styles: Styles,
): TableView | null {
  return cells.length === 0 ? null : headlineTable({ ...panel, cells }, styles, name, which)
}

function isMeasured({ samples }: CellSummary): boolean {
  return samples.completed > 0
}
