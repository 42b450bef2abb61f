import { describe, expect, it } from 'vitest'
import { summarize } from '../summary/summarize.ts'
import { fixtureRun } from '../testing/fixture-run.ts'
import { smallRun, smallSample } from '../testing/small-run.ts'
import { type Matrix, type MatrixCell, matrixOf } from './matrix.ts'

const { run, samples } = fixtureRun()
const matrix = matrixOf(summarize(run, samples))

function cellAt({ questions, rows }: Matrix, configuration: string, scenario: string): MatrixCell {
  const column = questions.findIndex((question) => question.scenario === scenario)
  return rows.find((row) => row.configuration === configuration)?.cells[column] as MatrixCell
}

/** Six rounds of each configuration, each the given number of seconds; the first is the control. */
function measured(seconds: Record<string, number>): Matrix {
  const small = smallRun(Object.keys(seconds))
  const rounds = Object.entries(seconds).flatMap(([configuration, open]) =>
    [0, 1, 2, 3, 4, 5].map((round) =>
      smallSample(`${configuration}|`, round, { open: open * (1 + (round % 3) / 100), sync: 0 }),
    ),
  )
  return matrixOf(summarize(small, rounds))
}

describe('matrixOf', () => {
  it('has a column for each question, at the top of its axis', () => {
    expect(matrix.questions.map(({ scenario, detail, phase }) => [scenario, detail, phase?.id])).toEqual([
      ['bigfile', '256 MiB', 'first-write'],
      ['smallwrites', 'append-many, 2,000 files', 'append-durable'],
      ['smallwrites', 'random-write, 4 KiB into 256 MiB', 'first-touch-iops'],
      ['startup', 'small image, 8 layers', 'prepare-to-ready'],
    ])
  })

  it('orders configurations by their cost over all questions, what failed in part behind them, the controls last', () => {
    expect(matrix.rows.map(({ configuration, kind }) => `${configuration} ${kind}`)).toEqual([
      'btrfs driver',
      'overlay2@xfs driver',
      'overlay2@ext4 driver',
      'overlay2@xfs+reflink=off driver',
      'vfs@ext4 driver',
      'blockcow driver',
      'bare@ext4 control',
      'bare@xfs control',
      'bare@btrfs control',
    ])
    const costs = matrix.rows.slice(0, 5).map(({ cost }) => cost ?? 0)
    expect(costs.toSorted((a, b) => a - b)).toEqual(costs)
  })

  it('gives figure, factor, answer and level; of a rate, too, above 1 is dearer', () => {
    const copied = cellAt(matrix, 'overlay2@ext4', 'bigfile')
    expect(copied).toMatchObject({ isBest: false, answer: { is: 'dearer' }, level: 4 })
    expect(copied.factor).toBeCloseTo((copied.median ?? 0) / (cellAt(matrix, 'btrfs', 'bigfile').median ?? 0))
    expect(cellAt(matrix, 'btrfs', 'bigfile')).toMatchObject({
      isBest: true,
      factor: 1,
      answer: null,
      level: 0,
    })
    const rate = matrix.rows.find(({ configuration }) => configuration === 'overlay2@ext4')?.cells[2]
    expect(rate?.phase?.phase.better).toBe('higher')
    expect(rate?.factor).toBeGreaterThan(4)
  })

  it('gives what is not known yet no level, and about the same the least', () => {
    const { rows } = measured({ control: 1, best: 1, other: 1.01 })
    expect(rows[1]?.cells[0]).toMatchObject({ answer: { is: 'same' }, level: 0 })
    expect(cellAt(matrix, 'overlay2@xfs', 'bigfile')).toMatchObject({ answer: { is: 'open' }, level: null })
  })

  it('shows the phase in which a configuration pays', () => {
    const paid = cellAt(matrix, 'vfs@ext4', 'bigfile')
    expect(paid).toMatchObject({
      isElsewhere: true,
      answer: { is: 'dearer' },
      level: 4,
      phase: { phase: { id: 'prepare' } },
    })
    expect(paid.factor).toBeGreaterThan(500)
  })

  it('names what has no figure at all by its reason, and keeps a row for what failed in part', () => {
    expect(matrix.missing).toMatchObject([{ state: 'unsupported', configurations: ['devicemapper@ext4'] }])
    expect(cellAt(matrix, 'blockcow', 'startup')).toMatchObject({
      median: null,
      level: null,
      cell: { state: 'failed' },
    })
    expect(matrixOf(summarize(run, [])).rows).toEqual([])
  })

  it('compares no labelled equal with the best', () => {
    const labelled = fixtureRun({
      configurations: ['bare@ext4', 'overlay2@ext4', 'overlay2@ext4#again'],
      scenarios: ['startup'],
    })
    const { rows } = matrixOf(summarize(labelled.run, labelled.samples))
    expect(rows.map(({ kind }) => kind)).toEqual(['driver', 'labelled', 'control'])
    expect(rows[1]?.cells[0]).toMatchObject({ isBest: false, answer: null, level: null })
  })

  it.each([
    [1, 0],
    [1.5, 1],
    [3, 2],
    [30, 3],
    [300, 4],
  ])('puts %d times the best at level %i', (factor, level) => {
    const { rows } = measured({ control: 1, best: 1, other: factor })
    expect(rows.find(({ configuration }) => configuration === 'other')?.cells[0]?.level).toBe(level)
  })
})
