/** A table of texts, which terminals and Markdown draw alike. */
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

/** Leaves out the columns in which no row says anything. */
export function withoutEmptyColumns(grid: Grid): Grid {
  return keepColumns(grid, (_, index) => grid.rows.some((row) => !['', NOTHING].includes(row[index] ?? '')))
}

/** Returns the table with the columns that `isKept` says, and their texts. */
export function keepColumns(grid: Grid, isKept: (column: GridColumn, index: number) => boolean): Grid {
  const kept = [...grid.columns.entries()].filter(([index, column]) => isKept(column, index))
  return {
    ...grid,
    columns: kept.map(([, column]) => column),
    rows: grid.rows.map((row) => kept.map(([index]) => row[index] ?? '')),
  }
}
