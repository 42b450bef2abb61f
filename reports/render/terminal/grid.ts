import picocolors from 'picocolors'
import { cutText, GAP, textTable, textWidth } from '../../../harness/terminal/text-table.ts'
import { type Grid, keepColumns } from '../tables/grid.ts'

/** The first column is not cut further. */
const SHORTEST_FIRST = 8

/**
 * Draws a table on a terminal of `width` columns, without columns that can be spared where it is too narrow, then with a
 * shorter first one. Ends without a newline.
 */
export function renderGrid(whole: Grid, width: number, color: boolean): string {
  const { bold, dim } = picocolors.createColors(color)
  const grid = withShortFirst(fitting(whole, width), width)
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

function withShortFirst(grid: Grid, width: number): Grid {
  const excess = widthOf(grid) - GAP - width
  if (excess <= 0) return grid
  const longest = Math.max(SHORTEST_FIRST, columnWidth(grid, 0) - excess)
  return {
    ...grid,
    columns: grid.columns.map((column, index) =>
      index === 0 ? { ...column, title: cutText(column.title, longest) } : column,
    ),
    rows: grid.rows.map(([first = '', ...rest]) => [cutText(first, longest), ...rest]),
  }
}

function widthOf(grid: Grid): number {
  return grid.columns.reduce((sum, _, index) => sum + GAP + columnWidth(grid, index), 0)
}

function columnWidth({ columns, rows }: Grid, index: number): number {
  return rows.reduce(
    (most, row) => Math.max(most, textWidth(row[index] ?? '')),
    textWidth(columns[index]?.title ?? ''),
  )
}
