import type { Fleet } from '../../harness/contracts/fleet.ts'
import { renderGrid } from '../render/tables/grid.ts'
import { renderFleetHtml } from '../render/html/fleet.ts'
import { fleetMarkdown } from '../render/markdown/fleet.ts'
import type { RunReport } from '../run-report.ts'
import { differencesGrid, figureGrids, hostsGrid, inParts } from '../render/tables/fleet.ts'
import { fleetSentences } from './sentences.ts'
import { summarizeFleet } from './summarize.ts'
import type { HostRun } from './types.ts'

/** A fleet in every form in which it can be shown. Throws as {@link summarizeFleet} does. */
export function fleetReport(fleet: Fleet, runs: readonly HostRun[]): RunReport {
  const summary = summarizeFleet(fleet, runs)
  const counts = summary.measured.map(({ summary: { samples } }) => samples)
  return {
    samples: counts.reduce((sum, { completed, failed, aborted }) => sum + completed + failed + aborted, 0),
    rows: summary.measured.flatMap(({ name, summary: { rows } }) =>
      rows.map((row) => ({ ...row, host: name })),
    ),
    terminal(width, color) {
      const sideBySide = [differencesGrid(summary), ...figureGrids(summary)].filter(
        ({ rows }) => rows.length > 0,
      )
      const grids = [hostsGrid(summary), ...sideBySide.flatMap((grid) => inParts(grid, width))]
      const sentences = fleetSentences(summary).map(({ text }) => text)
      return [...grids.map((grid) => renderGrid(grid, width, color)), sentences.join('\n')].join('\n\n')
    },
    markdown: () => fleetMarkdown(summary),
    html: () => renderFleetHtml(summary),
  }
}
