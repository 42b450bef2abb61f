import { describe, expect, it } from 'vitest'
import { resumedRun } from '../testing/fixture-resumed.ts'
import { summarize } from './summarize.ts'

const summaryOf = (...args: Parameters<typeof resumedRun>) => {
  const { run, samples } = resumedRun(...args)
  return summarize(run, samples)
}

describe('the parts of a run that was resumed', () => {
  it('are alike', () => {
    const { interruptions, warnings } = summaryOf(40, [20])
    expect(interruptions).toMatchObject([{ compared: 3, telling: 3, differing: [] }])
    expect(warnings.map(({ code }) => code)).not.toContain('run.parts-differ')
  })

  it('differ in a cell, which is named with a warning', () => {
    const { interruptions, warnings } = summaryOf(40, [20], (round) => (round > 20 ? 2 : 1))
    expect(interruptions[0]?.differing).toMatchObject([{ configuration: 'first', scenario: 'scenario' }])
    expect(warnings).toContainEqual(
      expect.objectContaining({
        code: 'run.parts-differ',
        message: 'the parts before and after the interruption in round 21 differ: first in scenario',
      }),
    )
  })

  it('cannot be told apart where there are too few rounds', () => {
    const { interruptions } = summaryOf(5, [2], (round) => (round > 2 ? 2 : 1))
    expect(interruptions).toMatchObject([{ telling: 0, differing: [] }])
  })

  it('are judged together: one more interruption makes no difference of chance', () => {
    const { interruptions } = summaryOf(60, [20, 40])
    expect(interruptions).toMatchObject([{ differing: [] }, { differing: [] }])
  })

  it('are none of a run that was not resumed', () => {
    expect(summaryOf(10, []).interruptions).toEqual([])
  })
})
