import { describe, expect, it } from 'vitest'
import type { IoCounters, Sample } from '../../harness/contracts/sample.ts'
import { rowSchema } from '../../harness/contracts/row.ts'
import { smallRun, smallSample } from '../testing/small-run.ts'
import { summarize } from './summarize.ts'

const io = (flushes: number | null, rest: Partial<IoCounters> = {}): IoCounters => ({
  bytesRead: 0,
  bytesWritten: 4096 * (flushes ?? 0),
  reads: 1,
  writes: 2,
  flushes,
  fuaWrites: 0,
  ...rest,
})

const witness = (objects: number | null): NonNullable<Sample['witness']> => ({
  mechanism: 'none',
  before: null,
  after: null,
  containerHash: null,
  lowerHash: null,
  bytesChanged: null,
  changed: objects === null ? null : { objects, word: 'file' },
})

/** Of one cell, a sample for each of `rests`. */
function summaryOf(rests: readonly Partial<Sample>[]) {
  const samples = rests.map((rest, round) => smallSample('control|', round, { open: 1, sync: 1 }, rest))
  const summary = summarize(smallRun(['control']), samples)
  return { cell: summary.cells[0], rows: summary.rows }
}

describe('the ledger of syncs', () => {
  const sample = (open: number, sync: number): Partial<Sample> => ({
    witness: witness(4),
    io: { open: io(open), sync: io(sync), total: io(open + sync + 2) },
  })

  it('divides what each phase did by the objects changed, and adds up the phases of a sum', () => {
    const { cell } = summaryOf([sample(4, 1), sample(4, 3), sample(4, 1)])
    const flushes = (id: string) => cell?.phases.find(({ phase }) => phase.id === id)?.ledger?.flushes
    expect(flushes('open')).toEqual({ n: 3, median: 1, least: 1, most: 1, exact: true })
    expect(flushes('sync')).toEqual({ n: 3, median: 0.25, least: 0.25, most: 0.75, exact: false })
    expect(flushes('all')).toEqual({ n: 3, median: 1.25, least: 1.25, most: 1.75, exact: false })
    expect(cell?.ledger).toMatchObject({ word: 'file', objects: 4, inAll: { flushes: { median: 1.75 } } })
    expect(cell?.headline?.ledger).toMatchObject({
      bytesWritten: { median: 5120 },
      requests: { median: 1.5 },
    })
  })

  it('is in the rows, which keep their schema', () => {
    const { rows } = summaryOf([sample(4, 1), sample(4, 1)])
    for (const row of rows) expect(rowSchema.strict().parse(row)).toEqual(row)
    expect(rows.find(({ phase }) => phase === 'all')?.ledger).toMatchObject({
      word: 'file',
      objects: 4,
      flushes: { median: 1.25, least: 1.25, most: 1.25, exact: true },
      uncounted: {},
    })
  })

  it('of one sample is not exact', () => {
    expect(summaryOf([sample(4, 1)]).cell?.headline?.ledger?.flushes).toMatchObject({ n: 1, exact: false })
  })

  it('has nothing where flushes are not counted, and says why', () => {
    const uncounted = { flushes: 'Linux counts no flushes of a partition (/dev/sda1)' }
    const part = { witness: witness(4), io: { open: io(null), sync: io(null), total: io(null) }, uncounted }
    const { cell } = summaryOf([part, part])
    expect(cell?.headline?.ledger).toMatchObject({ flushes: null, requests: { median: 1.5 } })
    expect(cell?.ledger).toMatchObject({ inAll: { flushes: null }, uncounted })
  })

  it('is not of work that changes nothing, and not of samples that older versions wrote', () => {
    const { changed: _, ...old } = witness(4)
    for (const one of [witness(null), old]) {
      const { cell, rows } = summaryOf([{ ...sample(4, 1), witness: one }])
      expect(cell?.ledger).toBeNull()
      expect(rows.map(({ ledger }) => ledger)).toEqual([null, null, null])
    }
  })
})
