import type { Panel } from '../summary/types.ts'
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
    .map((panel) => ({ ...panel, cells: panel.cells.filter(({ cell }) => byId.has(cell.id)) }))
    .filter((panel) => panel.cells.length > 0)
    .map((panel) => ({ panel, byId }))
}
