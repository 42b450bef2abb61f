import type { FleetGroup, FleetRow, MeasuredHost } from '../../../fleet/types.ts'
import { formatInterval, formatValue, NOTHING } from '../../../format/format.ts'
import type { CellSummary } from '../../../summary/types.ts'
import { fleetLegend } from '../../tables/fleet.ts'
import { taxText } from '../../tables/tax.ts'
import { taxOf } from '../../../verdict/signs.ts'
import { type DataCell, dataCell } from './data-cell.ts'
import { coverageNote } from './labels.ts'
import { type Styles, styleOf } from './palette.ts'
import { seriesSwatch } from './swatch.ts'
import { missingText, type TableRow, type TableView, tagsOf } from './table.ts'

/** A scenario on all hosts: a row a configuration, a column a host, in groups by parameters. */
export function fleetTable(
  { id, title }: { id: string; title: string },
  groups: readonly FleetGroup[],
  measured: readonly MeasuredHost[],
  styles: Styles,
): TableView {
  return {
    id: `${id}-table`,
    caption: `${title}: hosts side by side`,
    note: noteOf(groups),
    columns: measured.map(({ name, summary }) => ({
      title: name,
      sub: `Linux ${summary.run.host.kernel}`,
      className: '',
    })),
    width: measured.length,
    heads: measured.length + 1,
    groups: groups.map((group) => ({
      title: [group.title, group.phase].filter((part) => part !== '').join(' · '),
      rows: group.rows.map((row) => rowOf(row, styles)),
    })),
  }
}

function noteOf(groups: readonly FleetGroup[]): string {
  const cells = groups.flatMap(({ rows }) => rows.flatMap((row) => row.cells))
  const estimates = cells.flatMap((cell) => cell?.headline?.value ?? [])
  return (
    `Median, its interval${coverageNote(estimates)}, and how many times the plain directory on the same host it costs. ` +
    `${fleetLegend({ groups })} Shaded where it is dearer; the darker, the dearer: from 2, 10 and 100 times on.`
  )
}

function rowOf({ driver, cells }: FleetRow, styles: Styles): TableRow {
  const injected = cells.find((cell) => cell !== null)?.injected ?? null
  return {
    configuration: seriesSwatch(driver.configuration, styleOf(styles, driver.configuration)),
    tags: tagsOf({ driver, injected }),
    control: driver.role === 'control',
    cells: cells.map(cellOf),
    missing: '',
  }
}

function cellOf(cell: CellSummary | null): DataCell {
  if (cell === null) return dataCell(NOTHING)
  const { headline } = cell
  if (headline?.value == null) return dataCell('', { subs: [missingText(cell)], className: 'missing' })
  const { median, low, high } = headline.value
  const { unit } = headline.phase
  return dataCell(formatValue(median, unit), {
    subs: [
      formatInterval(low, high, median, unit),
      cell.driver.role === 'control' ? 'plain directory' : taxText(cell),
    ],
    className: `heat-${taxOf(cell)?.level ?? 'none'}`,
  })
}
