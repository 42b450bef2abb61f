import { GAP, textWidth } from '../../../harness/terminal/text-table.ts'
import { wrapText } from '../../../harness/terminal/wrap-text.ts'
import { fleetSentences } from '../../fleet/sentences.ts'
import type { FleetSummary } from '../../fleet/types.ts'
import { differencesGrid, figureGrids, fleetLegend, hostsGrid } from '../tables/fleet.ts'
import type { Grid } from '../tables/grid.ts'
import { renderGrid } from './grid.ts'

/** Draws a fleet on a terminal: the hosts, what they differ in, their figures side by side, and what to know of them. */
export function fleetTerminal(summary: FleetSummary, width: number, color: boolean): string {
  const sideBySide = [differencesGrid(summary), ...figureGrids(summary)].filter(({ rows }) => rows.length > 0)
  const grids = [hostsGrid(summary), ...sideBySide.flatMap((grid) => inParts(grid, width))]
  const sentences = [...fleetSentences(summary).map(({ text }) => text), fleetLegend(summary)]
    .filter((text) => text !== '')
    .flatMap((text) => wrapText(text, width, '  '))
  return [...grids.map((grid) => renderGrid(grid, width, color)), sentences.join('\n')].join('\n\n')
}

/** The same table in parts that are no wider than `width`: the first column, and as many hosts as fit. */
export function inParts(grid: Grid, width: number): Grid[] {
  const [first = 0, ...others] = grid.columns.map(
    ({ title }, index) =>
      grid.rows.reduce((most, row) => Math.max(most, textWidth(row[index] ?? '')), textWidth(title)) + GAP,
  )
  const parts: number[][] = []
  let left = 0
  for (const [index, own] of others.entries()) {
    if (parts.length === 0 || own > left) {
      parts.push([])
      left = width - first
    }
    parts.at(-1)?.push(index + 1)
    left -= own
  }
  return parts.map((part) => ({
    ...grid,
    columns: [0, ...part].flatMap((index) => grid.columns[index] ?? []),
    rows: grid.rows.map((row) => [0, ...part].map((index) => row[index] ?? '')),
  }))
}
