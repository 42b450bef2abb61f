import { agreementText, headlineLedger, LEDGER_COLUMNS, uncountedTexts } from '../../../format/ledger.ts'
import { formatValue, NOTHING } from '../../../format/format.ts'
import { phasesAcross } from '../../../summary/phases.ts'
import type { PerObject } from '../../../summary/ledger.ts'
import type { CellSummary, Panel } from '../../../summary/types.ts'
import { type DataCell, dataCell } from './data-cell.ts'
import type { Styles } from './palette.ts'
import { type Column, tableView, type TableView } from './table.ts'

const NOTE =
  'What reached the scratch device for each object that the work changed, medians over the samples. Exact: every sample had ' +
  'this very number; otherwise the least and the greatest. Flushed in: flushes by the call that paid for them; in all: from ' +
  'rest before prepare to rest after the work.'

/** Returns the ledger of syncs: what each object changed cost at the device, and in which call. Null where nothing was counted. */
export function ledgerTable(whole: Panel, styles: Styles): TableView | null {
  const panel = { ...whole, cells: whole.cells.filter(({ ledger }) => ledger !== null) }
  const [first] = panel.cells.flatMap((cell) => headlineLedger(cell) ?? [])
  if (first === undefined) return null
  const entries = LEDGER_COLUMNS.map(({ id, title, unit }): Column => ({
    title: title.charAt(0).toUpperCase() + title.slice(1),
    sub: first.title,
    cell: (cell) => entryCell(headlineLedger(cell)?.entries[id] ?? null, unit),
  }))
  const columns = [...entries, ...callColumns(panel), inAllColumn]
  const caption = `ledger of syncs, per ${first.ledger.word}`
  const note = [NOTE, ...uncountedTexts(panel.cells).map((text) => `${text}.`)].join(' ')
  return tableView(panel, { name: 'ledger', caption, note }, columns, styles)
}

const inAllColumn: Column = {
  title: 'Flushed in all',
  sub: '',
  cell: ({ ledger }) => entryCell(ledger?.inAll.flushes ?? null, 'count'),
}

/** A column for each call in which any configuration flushed the device. */
function callColumns(panel: Panel): Column[] {
  return phasesAcross(panel)
    .filter((phase) => phase.sum === undefined)
    .filter(({ id }) => panel.cells.some((cell) => (flushesIn(cell, id)?.most ?? 0) > 0))
    .map(({ id }) => ({
      title: `Flushed in ${id}`,
      sub: '',
      cell: (cell: CellSummary) => entryCell(flushesIn(cell, id), 'count'),
    }))
}

function flushesIn({ phases }: CellSummary, id: string): PerObject | null {
  return phases.find(({ phase }) => phase.id === id)?.ledger?.flushes ?? null
}

function entryCell(entry: PerObject | null, unit: 'count' | 'bytes'): DataCell {
  if (entry === null) return dataCell(NOTHING)
  const agreement = agreementText(entry, unit)
  return dataCell(formatValue(entry.median, unit), { subs: agreement === '' ? [] : [agreement] })
}
