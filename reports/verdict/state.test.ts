import { describe, expect, it } from 'vitest'
import { summarize } from '../summary/summarize.ts'
import { resumedRun } from '../testing/fixture-resumed.ts'
import { verdict } from './verdict.ts'

const told = (...args: Parameters<typeof resumedRun>) => {
  const { run, samples } = resumedRun(...args)
  return verdict(summarize(run, samples)).filter(({ text }) => text.startsWith('Interrupted'))
}

describe('of a run that was resumed the verdict says', () => {
  it('where it was interrupted, and that no difference is shown', () => {
    expect(told(40, [20])).toEqual([
      {
        tone: 'note',
        scenario: null,
        text:
          'Interrupted in round 21 after 60 samples, and resumed 2026-01-31 21:00 UTC: ' +
          'no difference of the parts is shown in 3 of 3 cells.',
      },
    ])
  })

  it('which cells differ, as a caution', () => {
    const [sentence] = told(40, [20], (round) => (round > 20 ? 2 : 1))
    expect(sentence?.tone).toBe('caution')
    expect(sentence?.text).toMatch(
      /differs from that before it in first in scenario \(\d\.\d\d×, p < 0\.001\); do not put/,
    )
  })

  it('that there are too few rounds to tell', () => {
    expect(told(5, [2], (round) => (round > 2 ? 2 : 1))[0]?.text).toContain('too few rounds to tell')
  })

  it('all in one where it was interrupted often', () => {
    expect(told(60, [10, 20, 30, 40]).map(({ text }) => text)).toEqual([
      'Interrupted 4 times, in rounds 11 to 41, and resumed, last 2026-01-31 21:00 UTC: ' +
        'no difference of the parts is shown in 3 of 3 cells.',
    ])
    expect(told(10, [])).toEqual([])
  })
})
