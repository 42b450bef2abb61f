import { describe, expect, it } from 'vitest'
import { pairedRatio } from '../../harness/statistics/paired-ratio.ts'
import { judge } from './judgement.ts'
import type { Ratio } from './types.ts'

/** Of `rounds` rounds in which the one takes `factor` times as long as the other. */
function ratioOf(rounds: number, factor: number): Ratio {
  const by = (value: number) =>
    new Map(Array.from({ length: rounds }, (_, round) => [round, value + round / 100]))
  const ratio = pairedRatio(by(factor), by(1))
  if (ratio === null) throw new Error('no pairs')
  return ratio
}

describe('judge', () => {
  it.each([2, 3, 4])('calls nothing a difference that only %i rounds show', (rounds) => {
    expect(judge(ratioOf(rounds, 100))).toBe('too few rounds')
  })

  it('calls a difference what five rounds show', () => {
    expect(judge(ratioOf(5, 100))).toBe('different')
  })

  it.each([1, 2, 10])(
    'shows none where the interval of %i rounds includes 1, or there is no interval',
    (rounds) => {
      expect(judge(ratioOf(rounds, 1))).toBe('not shown')
    },
  )
})
