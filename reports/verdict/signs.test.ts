import { describe, expect, it } from 'vitest'
import { summarize } from '../summary/summarize.ts'
import { fixtureRun } from '../testing/fixture-run.ts'
import { matrixOf } from './matrix.ts'
import { signOf, signsIn, taxOf } from './signs.ts'

const { run, samples } = fixtureRun()
const summary = summarize(run, samples)
const matrix = matrixOf(summary)

function signAt(configuration: string, scenario: string): string | undefined {
  const column = matrix.questions.findIndex((question) => question.scenario === scenario)
  const row = matrix.rows.find((one) => one.configuration === configuration)
  const cell = row?.cells[column]
  return cell == null || row === undefined ? undefined : signOf(cell, row.kind)?.sign
}

describe('signOf', () => {
  it('is a full star only where every other configuration has its answer', () => {
    expect(signAt('btrfs', 'bigfile')).toBe('☆')
    expect(signAt('overlay2@xfs', 'bigfile')).toBe('?')
    expect(signAt('blockcow', 'smallwrites')).toBe('★')
  })

  it('tells dearer from ten times as dear, and is none for a control', () => {
    expect(signAt('overlay2@ext4', 'bigfile')).toBe('▲▲')
    expect(signAt('overlay2@ext4', 'smallwrites')).toBe('▲')
    expect(signAt('bare@ext4', 'bigfile')).toBeUndefined()
  })
})

describe('signsIn', () => {
  it('has the signs that are shown, each once, in one order', () => {
    expect(signsIn(matrix).map(({ sign }) => sign)).toEqual(['★', '☆', '▲', '▲▲', '?'])
  })
})

describe('taxOf', () => {
  it('is the answer beside the control, of a rate, too, above 1 where it is dearer', () => {
    const rate = summary.cells.find(
      ({ cell, headline }) => cell.configuration === 'overlay2@ext4' && headline?.phase.unit === 'iops',
    )
    const tax = rate === undefined ? null : taxOf(rate)
    expect(tax).toMatchObject({ sign: { sign: '▲' }, level: 2 })
    expect(tax?.factor).toBeGreaterThan(2)
    const control = summary.cells.find(({ driver }) => driver.role === 'control')
    expect(control === undefined ? undefined : taxOf(control)).toBeNull()
  })
})
