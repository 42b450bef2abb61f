/** A table of texts, drawn on a terminal or as Markdown. */
import picocolors from 'picocolors'
import { GAP, textTable, textWidth } from '../../../harness/terminal/text-table.ts'
import { NOTHING } from '../../format/format.ts'

export interface GridColumn {
  title: string
  align: 'left' | 'right'
  /** Columns with the highest number go first when the terminal is narrow; 0 stays. */
  leaveOut: number
}

export interface Grid {
  /** Above it; empty for none. */
  title: string
  columns: readonly GridColumn[]
  rows: readonly (readonly string[])[]
}

/** Without the columns in which no row says anything. */
export function withoutEmptyColumns(grid: Grid): Grid {
  return keepColumns(grid, (_, index) => grid.rows.some((row) => !['', NOTHING].includes(row[index] ?? '')))
}

/** For a terminal of so many columns. Ends without a newline. */
export function renderGrid(whole: Grid, width: number, color: boolean): string {
  const { bold, dim } = picocolors.createColors(color)
  const grid = fitting(whole, width)
  const columns = grid.columns.map(({ title, align }) => ({ title: dim(title), align }))
  return `${grid.title === '' ? '' : `${bold(grid.title)}\n`}${textTable(columns, grid.rows)}`
}

function fitting(whole: Grid, width: number): Grid {
  let grid = whole
  while (widthOf(grid) > width) {
    const least = Math.max(...grid.columns.map(({ leaveOut }) => leaveOut))
    if (least === 0) break
    grid = keepColumns(grid, ({ leaveOut }) => leaveOut < least)
  }
  return grid
}

function widthOf({ columns, rows }: Grid): number {
  return columns.reduce(
    (sum, { title }, index) =>
      sum + GAP + rows.reduce((most, row) => Math.max(most, textWidth(row[index] ?? '')), textWidth(title)),
    0,
  )
}

function keepColumns(grid: Grid, isKept: (column: GridColumn, index: number) => boolean): Grid {
  const kept = [...grid.columns.entries()].filter(([index, column]) => isKept(column, index))
  return {
    ...grid,
    columns: kept.map(([, column]) => column),
    rows: grid.rows.map((row) => kept.map(([index]) => row[index] ?? '')),
  }
}
