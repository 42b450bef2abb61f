import type { ComparedRow } from '../../harness/contracts/compare.ts'
import { renderGrid } from '../render/tables/grid.ts'
import { renderComparisonHtml } from '../render/html/comparison.ts'
import { comparisonMarkdown } from '../render/markdown/comparison.ts'
import { compareRuns, type RunSamples } from './compare.ts'
import { comparisonGrids } from '../render/tables/comparison.ts'
import { comparedRow } from './rows.ts'
import { improvementLines, regressionLines } from './lines.ts'
import { comparisonSentences } from './sentences.ts'

/** A comparison in every form in which it can be shown. */
export interface ComparisonReport {
  /** Why nothing is judged; empty where the runs can be compared. */
  obstacles: readonly string[]
  /** A line each. */
  regressions: readonly string[]
  rows: readonly ComparedRow[]
  /** Tables and what they say, without the lines of the regressions. */
  terminal(width: number, color: boolean): string
  markdown(): string
  html(): string
}

/** Throws as {@link compareRuns} does. */
export function comparisonReport(
  baseline: RunSamples,
  candidate: RunSamples,
  threshold: number,
): ComparisonReport {
  const comparison = compareRuns(baseline, candidate, threshold)
  return {
    obstacles: comparison.obstacles,
    regressions: regressionLines(comparison),
    rows: comparison.cells.map(comparedRow),
    terminal(width, color) {
      const grids = comparisonGrids(comparison).map((grid) => renderGrid(grid, width, color))
      const sentences = comparisonSentences(comparison).map(({ text }) => text)
      const better = improvementLines(comparison).map((line) => `improvement: ${line}`)
      return [grids.join('\n\n'), [...sentences, ...better].join('\n')].join('\n\n')
    },
    markdown: () => comparisonMarkdown(comparison),
    html: () => renderComparisonHtml(comparison),
  }
}
