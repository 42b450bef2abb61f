import { describe, expect, it } from 'vitest'
import { summarize } from '../summary/summarize.ts'
import { smallRun, smallSample } from '../testing/small-run.ts'
import { matrixOf } from './matrix.ts'
import { whyOf } from './why.ts'

const io = (flushes: number) => ({
  bytesRead: 0,
  bytesWritten: 0,
  reads: 0,
  writes: 0,
  flushes,
  fuaWrites: 0,
})

/** Why the second of two configurations is dearer, whose samples of 500 files have these flushes in all. */
function why(best: readonly number[], worse: readonly number[]): string {
  const witness = {
    mechanism: 'copied-up' as const,
    before: null,
    after: null,
    containerHash: null,
    lowerHash: null,
    bytesChanged: null,
    changed: { objects: 500, word: 'file' },
  }
  const samplesOf = (configuration: string, seconds: number, counts: readonly number[]) =>
    counts.map((flushes, round) =>
      smallSample(
        `${configuration}|`,
        round,
        { open: seconds, sync: seconds / 100, all: seconds * 1.01 },
        {
          witness,
          io: { open: io(flushes), sync: io(0), total: io(flushes) },
        },
      ),
    )
  const samples = [...samplesOf('quick', 1, best), ...samplesOf('slow', 9, worse)]
  const run = smallRun(['control', 'quick', 'slow'])
  const cells = matrixOf(summarize(run, samples)).rows.flatMap(({ cells: row }) => row)
  const of = (name: string) => {
    const found = cells.find((cell) => cell?.cell.cell.configuration === name)
    if (!found) throw new Error(`the matrix has no ${name}`)
    return found
  }
  return whyOf(of('slow'), of('quick'))
}

describe('a cost is explained by flushes', () => {
  it('where each object takes one, and none of the best', () => {
    expect(why([2, 2, 2], [925, 923, 925])).toBe('1.85 flushes per file, the best 0.0040')
  })

  it('not where the best has as many, or nearly', () => {
    expect(why([800, 800, 800], [925, 925, 925])).toBe('mostly in open')
  })

  it('not where a sample of either is like those of the other', () => {
    expect(why([2, 2, 2], [925, 2, 925])).toBe('mostly in open')
  })

  it('not where there are a few for all objects', () => {
    expect(why([2, 2, 2], [20, 20, 20])).toBe('mostly in open')
  })
})
