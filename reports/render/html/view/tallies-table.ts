import { formatValue, NOTHING } from '../../../format/format.ts'
import type { TallySummary } from '../../../summary/tallies.ts'
import type { Panel } from '../../../summary/types.ts'
import { dataCell, type DataCell } from './data-cell.ts'
import type { Styles } from './palette.ts'
import { tableView, type TableView } from './table.ts'

const NOTE =
  'Medians over the samples, found by comparing the container with the image, and by looking at its layer where the driver keeps it ' +
  'as a directory. Exact: every sample had this very number.'

/** Returns the table of what the work changed and made the driver do. Null where the scenario counts nothing. */
export function talliesTable(panel: Panel, styles: Styles): TableView | null {
  const [first] = panel.cells
  const shown = (first?.tallies ?? [])
    .map(({ title }, index) => ({ title, index }))
    .filter(({ index }) => panel.cells.some(({ tallies }) => (tallies[index]?.count ?? null) !== null))
  if (shown.length === 0) return null
  const columns = shown.map(({ title, index }) => ({
    title,
    sub: panel.cells.some(({ tallies }) => (tallies[index]?.bytes ?? null) !== null) ? 'bytes' : '',
    cell: ({ tallies }: Panel['cells'][number]) => tallyCell(tallies[index]),
  }))
  return tableView(panel, { name: 'tallies', caption: 'what was changed', note: NOTE }, columns, styles)
}

function tallyCell(tally: TallySummary | undefined): DataCell {
  const { count, bytes } = tally ?? { count: null, bytes: null }
  if (count === null) return dataCell(NOTHING)
  return dataCell(formatValue(count.median, 'count'), {
    subs: [
      ...(bytes === null ? [] : [formatValue(bytes.median, 'bytes')]),
      ...(count.exact && bytes?.exact !== false ? ['exact'] : []),
    ],
  })
}
