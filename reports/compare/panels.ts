import { positionOf } from '../summary/axis.ts'
import type { Axis, CellSummary, Panel } from '../summary/types.ts'
import type { ComparedCell, Comparison } from './types.ts'

/** A panel of the candidate without the cells that the baseline does not have. */
export interface ComparedPanel {
  panel: Panel
  /** By the cell's id. */
  byId: ReadonlyMap<string, ComparedCell>
}

/** The candidate's panels, as its own report shows them. */
export function comparedPanels({ candidate, cells }: Comparison): ComparedPanel[] {
  const byId = new Map(cells.map((cell) => [cell.candidate.cell.id, cell]))
  return candidate.panels
    .map((panel) => {
      const shared = panel.cells.filter(({ cell }) => byId.has(cell.id))
      return { ...panel, cells: shared, axis: axisWith(panel.axis, shared) }
    })
    .filter((panel) => panel.cells.length > 0)
    .map((panel) => ({ panel, byId }))
}

/** Returns the axis without the values at which none of the cells lies. */
function axisWith(axis: Axis | null, cells: readonly CellSummary[]): Axis | null {
  if (axis === null) return null
  const taken = new Set(cells.map(({ cell }) => positionOf(cell, axis)))
  return { ...axis, values: axis.values.filter((value) => taken.has(value)) }
}
