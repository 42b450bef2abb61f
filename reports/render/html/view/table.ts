import { plural } from '../../../format/format.ts'
import { formatInjected } from '../../../format/injected.ts'
import { groupsOf } from '../../../summary/panel-groups.ts'
import type { CellSummary, Panel } from '../../../summary/types.ts'
import type { LegendEntry } from './chart-view.ts'
import type { DataCell } from './data-cell.ts'
import { type Styles, styleOf } from './palette.ts'
import { seriesSwatch } from './swatch.ts'

export interface TableRow {
  configuration: LegendEntry
  /** Tags of the configuration: an emulation, delayed on purpose. */
  tags: readonly string[]
  control: boolean
  /** Empty for a cell that has nothing measured; then `missing` says why. */
  cells: readonly DataCell[]
  missing: string
}

export interface TableGroup {
  /** Empty where the table has one group. */
  title: string
  rows: readonly TableRow[]
}

export interface TableView {
  id: string
  caption: string
  note: string
  columns: readonly { title: string; sub: string; className: string }[]
  /** Columns after the configuration's, and with it. */
  width: number
  heads: number
  groups: readonly TableGroup[]
}

export interface Column {
  title: string
  sub: string
  isText?: true
  cell(summary: CellSummary): DataCell
}

/** A table of a panel's cells, in groups along its axis. `name` tells it from the panel's other tables. */
export function tableView(
  panel: Panel,
  { name, caption, note }: { name: string; caption: string; note: string },
  columns: readonly Column[],
  styles: Styles,
): TableView {
  const groups = groupsOf(panel)
    .filter(({ cells }) => cells.length > 0)
    .map(({ title, cells }) => ({ title, rows: cells.map((cell) => rowOf(cell, columns, styles)) }))
  return {
    id: `${panel.id}-${name}`,
    caption: [panel.scenario.title, panel.title, caption].filter((part) => part !== '').join(' · '),
    note,
    columns: columns.map(({ title, sub, isText }) => ({ title, sub, className: isText ? 'text' : '' })),
    width: columns.length,
    heads: columns.length + 1,
    groups,
  }
}

function rowOf(cell: CellSummary, columns: readonly Column[], styles: Styles): TableRow {
  const isMeasured = cell.samples.completed > 0
  return {
    configuration: seriesSwatch(cell.cell.configuration, styleOf(styles, cell.cell.configuration)),
    tags: tagsOf(cell),
    control: cell.driver.role === 'control',
    cells: isMeasured ? columns.map((column) => column.cell(cell)) : [],
    missing: isMeasured ? '' : missingText(cell),
  }
}

/** Returns the tags that accompany a configuration's figures everywhere. */
export function tagsOf({ driver, injected }: Pick<CellSummary, 'driver' | 'injected'>): string[] {
  return [
    ...(driver.emulated ? ['emulation'] : []),
    ...(injected === null ? [] : [`delay injected: ${formatInjected(injected)}`]),
  ]
}

/** Why a cell has no figures. */
export function missingText({ state, reason, samples }: CellSummary): string {
  if (reason !== null) return `${state}: ${reason}`
  const lost = samples.failed + samples.aborted
  return lost === 0 ? state : `${state}: ${plural(lost, 'sample')} did not complete`
}
