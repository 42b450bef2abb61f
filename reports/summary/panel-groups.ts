import { positionOf } from './axis.ts'
import type { CellSummary, Panel } from './types.ts'

/** The cells of a panel along its axis; where it has none, all in one group without a title. */
export function groupsOf({
  axis,
  cells,
}: Pick<Panel, 'axis' | 'cells'>): { title: string; cells: readonly CellSummary[] }[] {
  if (axis === null) return [{ title: '', cells }]
  return axis.values.map((value) => {
    const own = cells.filter(({ cell }) => positionOf(cell, axis) === value)
    return { title: own[0]?.cell.label ?? value.text, cells: own }
  })
}
