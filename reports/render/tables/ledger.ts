import { formatValue, NOTHING } from '../../format/format.ts'
import {
  agreementText,
  headlineLedger,
  LEDGER_COLUMNS,
  paidText,
  uncountedTexts,
} from '../../format/ledger.ts'
import { groupsOf } from '../../summary/panel-groups.ts'
import type { CellSummary, Panel } from '../../summary/types.ts'
import type { Grid, GridColumn } from './grid.ts'

interface LedgerColumn extends GridColumn {
  text(cell: CellSummary): string
}

const LEAVE_OUT = { flushes: 0, fuaWrites: 3, bytesWritten: 4, requests: 5 } as const

const COLUMNS: readonly LedgerColumn[] = [
  { title: 'configuration', align: 'left', leaveOut: 0, text: ({ cell }) => cell.configuration },
  ...LEDGER_COLUMNS.map(({ id, title, unit }): LedgerColumn => ({
    title,
    align: 'right',
    leaveOut: LEAVE_OUT[id],
    text: (cell) => formatValue(headlineLedger(cell)?.entries[id]?.median ?? null, unit),
  })).toSpliced(1, 0, {
    title: 'in each sample',
    align: 'right',
    leaveOut: 2,
    text: (cell) => agreementText(headlineLedger(cell)?.entries.flushes ?? null, 'count') || NOTHING,
  }),
  { title: 'flushed in', align: 'left', leaveOut: 1, text: paidText },
  {
    title: 'in all',
    align: 'right',
    leaveOut: 6,
    text: ({ ledger }) => formatValue(ledger?.inAll.flushes?.median ?? null, 'count'),
  },
]

/**
 * Returns the ledger of syncs of a panel: a table for each value of its axis, a row for each configuration that changed
 * something. Reasons why entries are missing stand in the title.
 */
export function ledgerGrids(panel: Panel): Grid[] {
  return groupsOf(panel).flatMap(({ title, cells }) => {
    const kept = cells.filter((cell) => cell.ledger !== null)
    const [first] = kept.flatMap((cell) => headlineLedger(cell) ?? [])
    if (first === undefined) return []
    const what = `ledger of syncs, per ${first.ledger.word} (${first.title})`
    const parts = [panel.scenario.title, panel.title, title, what, ...uncountedTexts(kept)]
    return [
      {
        title: parts.filter((part) => part !== '').join(' · '),
        columns: COLUMNS,
        rows: kept.map((cell) => COLUMNS.map((column) => column.text(cell))),
      },
    ]
  })
}
