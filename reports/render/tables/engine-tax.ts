import { ANSWERS } from '../../format/answer.ts'
import { formatAtLeast, formatRatio, formatRatioInterval, formatValue } from '../../format/format.ts'
import type { PhaseTax } from '../../summary/figures.ts'
import { groupsOf } from '../../summary/panel-groups.ts'
import type { CellSummary, Panel } from '../../summary/types.ts'
import type { Grid, GridColumn } from './grid.ts'

interface TaxColumn extends GridColumn {
  text(cell: CellSummary, tax: PhaseTax): string
}

const COLUMNS: readonly TaxColumn[] = [
  { title: 'configuration', align: 'left', leaveOut: 0, text: ({ cell }) => cell.configuration },
  { title: 'phase', align: 'left', leaveOut: 0, text: (_, { phase }) => phase.id },
  {
    title: 'through it',
    align: 'right',
    leaveOut: 1,
    text: (_, { phase, through }) => formatValue(through, phase.unit),
  },
  {
    title: 'without',
    align: 'right',
    leaveOut: 1,
    text: (_, { phase, without }) => formatValue(without, phase.unit),
  },
  { title: 'tax', align: 'right', leaveOut: 0, text: (_, { ratio }) => formatRatio(ratio.ratio) },
  {
    title: 'interval',
    align: 'right',
    leaveOut: 2,
    text: (_, { ratio }) => formatRatioInterval(ratio.low, ratio.high),
  },
  { title: 'answer', align: 'left', leaveOut: 3, text: (_, tax) => taxAnswer(tax) },
]

/** `dearer, at least 4.1×`; `about the same`; `not known yet`. */
export function taxAnswer({ ratio: { answer } }: PhaseTax): string {
  return 'atLeast' in answer
    ? `${ANSWERS[answer.is]}, at least ${formatAtLeast(answer.atLeast)}`
    : ANSWERS[answer.is]
}

/** Returns what engines add in a panel: a table for each value of its axis, a row for each configuration and phase. */
export function engineTaxGrids(panel: Panel): Grid[] {
  return groupsOf(panel).flatMap(({ title, cells }) => {
    const rows = cells.flatMap((cell) =>
      (cell.engineTax?.phases ?? []).map((tax) => COLUMNS.map((column) => column.text(cell, tax))),
    )
    if (rows.length === 0) return []
    const parts = [panel.scenario.title, panel.title, title, 'engine tax']
    return [{ title: parts.filter((part) => part !== '').join(' · '), columns: COLUMNS, rows }]
  })
}
