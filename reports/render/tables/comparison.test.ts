import { describe, expect, it } from 'vitest'
import { compareRuns } from '../../compare/compare.ts'
import { smallRun, smallSample } from '../../testing/small-run.ts'
import { comparisonMarkdown } from '../markdown/comparison.ts'
import { comparisonGrids } from './comparison.ts'

describe('a cell that one run does not have', () => {
  it('leaves no table without rows, and no heading above it', () => {
    const sized = (...sizes: string[]) => {
      const run = smallRun(
        ['bare'],
        sizes.map((size) => ({ size })),
      )
      const samples = run.cells.flatMap(({ id }) =>
        [0, 1, 2, 3, 4].map((round) => smallSample(id, round, { all: 1 + round / 100 })),
      )
      return { run, samples }
    }
    const comparison = compareRuns(sized('1M'), sized('1M', '2M'), {
      thresholds: { threshold: 0.05 },
      across: [],
    })
    const [grid, ...others] = comparisonGrids(comparison)
    expect(grid?.rows).toHaveLength(1)
    expect(others).toEqual([])
    expect(comparisonMarkdown(comparison)).not.toMatch(/^\| +\|$/m)
  })
})
