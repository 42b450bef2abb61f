import Table from 'cli-table3'
import picocolors from 'picocolors'
import { positionOf } from './summary/axis.ts'
import type { CellSummary, Panel, Summary } from './summary/types.ts'
import { type Column, COLUMNS, stateText } from './terminal-columns.ts'

export interface TableOptions {
  /** Columns of the terminal; columns of the table are left out until it fits. */
  width: number
  color: boolean
}

type Colors = ReturnType<typeof picocolors.createColors>

/** Between columns. */
const GAP = 2
/** Of a state with its reason: what it may take, and what it is cut to before other columns go. */
const LONGEST_STATE = 60
const SHORTEST_STATE = 20

/** The summary as a table for a terminal: a row for each cell, grouped by scenario. Ends without a newline. */
export function renderTable(summary: Summary, options: TableOptions): string {
  const colors = picocolors.createColors(options.color)
  return summary.panels.map((panel) => renderPanel(panel, options.width, colors)).join('\n\n')
}

function renderPanel(panel: Panel, width: number, colors: Colors): string {
  const title = colors.bold([panel.scenario.title, panel.title].filter((part) => part !== '').join(' · '))
  const groups = panel.axis === null ? [panel.cells] : panel.axis.values.map((value) => cellsAt(panel, value))
  const columns = fitting(panel.cells, width)
  const widths = widthsOf(columns, panel.cells, LONGEST_STATE)
  // The last column is cut where a long reason, or a terminal narrower than a driver's name, leaves no choice.
  const last = widths.length - 1
  const left = width - total(widths.slice(0, last))
  widths[last] = Math.max(GAP + 4, Math.min(widths[last] ?? 0, left))
  const tables = groups.map((cells) => {
    const label = panel.axis === null ? '' : (cells[0]?.cell.label ?? '')
    const headline = cells[0]?.headline?.phase.title ?? ''
    const heading = colors.dim([label, headline].filter((part) => part !== '').join(' · '))
    return `${heading}\n${renderCells(cells, columns, widths, colors)}`
  })
  return [title, ...tables].join('\n')
}

function cellsAt(panel: Panel, value: unknown): CellSummary[] {
  return panel.cells.filter(({ cell }) => positionOf(cell, panel.axis) === value)
}

/** Every column, or as many of the more important ones as the terminal holds. */
function fitting(cells: readonly CellSummary[], width: number): readonly Column[] {
  let columns = COLUMNS
  while (total(widthsOf(columns, cells, SHORTEST_STATE)) > width) {
    const least = Math.max(...columns.map(({ leaveOut }) => leaveOut))
    if (least === 0) break
    columns = columns.filter(({ leaveOut }) => leaveOut < least)
  }
  return columns
}

function widthsOf(columns: readonly Column[], cells: readonly CellSummary[], longestState: number): number[] {
  return columns.map((column) => {
    const longest = column.text === stateText ? longestState : Infinity
    return (
      GAP + Math.max(column.title.length, ...cells.map((cell) => Math.min(column.text(cell).length, longest)))
    )
  })
}

function total(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, 0)
}

function renderCells(
  cells: readonly CellSummary[],
  columns: readonly Column[],
  widths: number[],
  colors: Colors,
): string {
  const table = new Table({
    head: columns.map(({ title }) => colors.dim(title)),
    colWidths: widths,
    colAligns: columns.map(({ align }) => align),
    chars: NO_LINES,
    style: { 'padding-left': 0, 'padding-right': GAP, head: [], border: [] },
  })
  for (const cell of cells) {
    table.push(columns.map((column) => paint(column.text(cell), cell, colors)))
  }
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
}

function paint(text: string, cell: CellSummary, colors: Colors): string {
  if (cell.state === 'failed') return colors.red(text)
  if (cell.state !== 'completed') return colors.dim(text)
  return cell.driver.role === 'control' ? colors.cyan(text) : text
}

/** A table without lines, for terminals. */
export const NO_LINES = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '',
}
