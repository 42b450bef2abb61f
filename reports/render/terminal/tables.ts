import picocolors from 'picocolors'
import { cutText, GAP, textTable, textWidth } from '../../../harness/terminal/text-table.ts'
import { positionOf } from '../../summary/axis.ts'
import type { CellSummary, Panel, Summary } from '../../summary/types.ts'
import { engineTaxGrids } from '../tables/engine-tax.ts'
import { ledgerGrids } from '../tables/ledger.ts'
import { type Column, COLUMNS, stateText } from '../tables/run-columns.ts'
import { renderGrid } from './grid.ts'

type Colors = ReturnType<typeof picocolors.createColors>

/** Widths of a state with its reason: the most it may take, and the width it is cut to before other columns go. */
const LONGEST_STATE = 60
const SHORTEST_STATE = 20

/**
 * Draws a row for each cell, grouped by scenario, and below it what each object changed cost at the device; leaves columns out
 * until it fits. Ends without a newline.
 */
export function renderTables(summary: Summary, width: number, color: boolean): string {
  const colors = picocolors.createColors(color)
  return summary.panels.map((panel) => renderPanel(panel, width, colors)).join('\n\n')
}

function renderPanel(panel: Panel, width: number, colors: Colors): string {
  const title = colors.bold([panel.scenario.title, panel.title].filter((part) => part !== '').join(' · '))
  const groups = panel.axis === null ? [panel.cells] : panel.axis.values.map((value) => cellsAt(panel, value))
  const columns = fitting(panel.cells, width)
  const tables = groups.map((cells) => {
    const label = panel.axis === null ? '' : (cells[0]?.cell.label ?? '')
    const headline = cells[0]?.headline?.phase.title ?? ''
    const heading = colors.dim([label, headline].filter((part) => part !== '').join(' · '))
    return `${heading}\n${renderCells(cells, columns, colors)}`
  })
  const grids = [...engineTaxGrids(panel), ...ledgerGrids(panel)]
  const below = grids.map((grid) => `\n${renderGrid(grid, width, colors.isColorSupported)}`)
  return [title, ...tables, ...below].join('\n')
}

function cellsAt(panel: Panel, value: unknown): CellSummary[] {
  return panel.cells.filter(({ cell }) => positionOf(cell, panel.axis) === value)
}

/** A column with its width on the terminal. */
interface SizedColumn extends Column {
  width: number
}

/** Returns every column, or as many of the more important ones as the terminal holds; the last one is cut to fit. */
function fitting(cells: readonly CellSummary[], width: number): SizedColumn[] {
  let columns = COLUMNS.map((column) => ({ ...column, width: widthOf(column, cells) }))
  while (total(columns, SHORTEST_STATE) > width) {
    const least = Math.max(...columns.map(({ leaveOut }) => leaveOut))
    if (least === 0) break
    columns = columns.filter(({ leaveOut }) => leaveOut < least)
  }
  // A long reason, or a terminal narrower than a driver's name, leaves no choice.
  const left = width - total(columns.slice(0, -1), LONGEST_STATE) - GAP
  return columns.map((column, index) => {
    const longest = limited(column, LONGEST_STATE)
    return { ...column, width: index < columns.length - 1 ? longest : Math.max(4, Math.min(longest, left)) }
  })
}

function widthOf(column: Column, cells: readonly CellSummary[]): number {
  return Math.max(textWidth(column.title), ...cells.map((cell) => textWidth(column.text(cell))))
}

function total(columns: readonly SizedColumn[], longestState: number): number {
  return columns.reduce((sum, column) => sum + GAP + limited(column, longestState), 0)
}

function limited({ text, width }: SizedColumn, longestState: number): number {
  return text === stateText ? Math.min(width, longestState) : width
}

function renderCells(cells: readonly CellSummary[], columns: readonly SizedColumn[], colors: Colors): string {
  const heads = columns.map(({ title, align, width }) => ({
    title: colors.dim(cutText(title, width)),
    align,
    width,
  }))
  const rows = cells.map((cell) => columns.map(({ text, width }) => paint(text(cell), width, cell, colors)))
  return textTable(heads, rows)
}

/** Line by line: an escape sequence would colour the other columns of a line that it does not end on. */
function paint(text: string, width: number, cell: CellSummary, colors: Colors): string {
  const color = colorOf(cell, colors)
  const lines = text.split('\n').map((line) => cutText(line, width))
  return lines.map(color).join('\n')
}

function colorOf(cell: CellSummary, colors: Colors): (text: string) => string {
  if (cell.state === 'failed') return colors.red
  if (cell.state !== 'completed') return colors.dim
  return cell.driver.role === 'control' ? colors.cyan : String
}
