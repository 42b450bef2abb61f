import { improvementLines } from '../../compare/lines.ts'
import { comparisonSentences } from '../../compare/sentences.ts'
import type { Comparison } from '../../compare/types.ts'
import { comparisonGrids } from '../tables/comparison.ts'
import { renderGrid } from './grid.ts'

/** Draws a comparison on a terminal: its tables and what they say, without the lines of the regressions. */
export function comparisonTerminal(comparison: Comparison, width: number, color: boolean): string {
  const grids = comparisonGrids(comparison).map((grid) => renderGrid(grid, width, color))
  const sentences = comparisonSentences(comparison).map(({ text }) => text)
  const better = improvementLines(comparison).map((line) => `improvement: ${line}`)
  return [grids.join('\n\n'), [...sentences, ...better].join('\n')].join('\n\n')
}
