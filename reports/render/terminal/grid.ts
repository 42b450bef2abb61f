import picocolors from 'picocolors'
import { GAP, textTable, textWidth } from '../../../harness/terminal/text-table.ts'
import { type Grid, keepColumns } from '../tables/grid.ts'

/** Draws a table on a terminal of `width` columns, without columns that can be spared where it is too narrow. Ends without a newline. */
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
