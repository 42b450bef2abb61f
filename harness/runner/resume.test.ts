import { describe, expect, it } from 'vitest'
import type { Run } from '../contracts/run.ts'
import type { Sample } from '../contracts/sample.ts'
import { sampleOf, smallRun } from '../testing/small-run.ts'
import { earlierSamples, resumeRun } from './resume.ts'

const NOW = new Date('2026-01-31T16:00:00.000Z')
const CELL = smallRun().cells[0]?.id ?? ''

const killed = (changes: Partial<Run> = {}): Run => ({
  ...smallRun(),
  state: 'running',
  endedAt: null,
  ...changes,
})
const at = (round: number, minutes: number, changes: Partial<Sample> = {}): Sample => ({
  ...sampleOf(smallRun(), round),
  at: new Date(Date.parse('2026-01-31T14:25:01.000Z') + minutes * 60_000).toISOString(),
  ...changes,
})

describe('the record of a run that is resumed', () => {
  it('is that of a run that goes on, and says where it was interrupted', () => {
    const stopped = killed({
      state: 'failed',
      endedAt: '2026-01-31T15:00:00.000Z',
      outcomes: { [CELL]: { state: 'aborted' } },
    })
    const { run, spentSeconds } = resumeRun(stopped, [at(0, 1), at(1, 5)], NOW)
    expect(run).toMatchObject({
      id: stopped.id,
      state: 'running',
      endedAt: null,
      stopped: null,
      outcomes: { [CELL]: { state: 'pending' } },
      interruptions: [{ at: '2026-01-31T14:30:01.000Z', resumedAt: NOW.toISOString(), round: 1, samples: 2 }],
    })
    expect(run.options).toEqual(stopped.options)
    expect(spentSeconds).toBe(300)
  })

  it('keeps what failed in a trial, and tries again what could not be set up', () => {
    const failed = { state: 'failed', code: 'x', reason: 'it broke', hint: '' } as const
    const broken = killed({ outcomes: { [CELL]: failed } })
    expect(resumeRun(broken, [at(0, 1, { state: 'failed' })], NOW).run.outcomes).toEqual({ [CELL]: failed })
    expect(resumeRun(broken, [], NOW).run.outcomes).toEqual({ [CELL]: { state: 'pending' } })
  })

  it('counts no pause as time of the budget, and keeps earlier interruptions', () => {
    const first = resumeRun(killed(), [at(0, 10)], new Date('2026-01-31T15:25:01.000Z')).run
    const { run, spentSeconds } = resumeRun(first, [at(0, 10), at(1, 65)], NOW)
    expect(run.interruptions).toHaveLength(2)
    expect(spentSeconds).toBe(15 * 60)
  })

  it('takes a run without a sample', () => {
    const { run, spentSeconds } = resumeRun(killed(), [], NOW)
    expect(run.interruptions).toMatchObject([{ at: null, round: 0, samples: 0 }])
    expect(spentSeconds).toBe(0)
  })
})

describe('earlier samples', () => {
  it('are found by cell and round, the first of two', () => {
    const earlier = earlierSamples([
      at(0, 1),
      at(1, 2, { phases: { write: 1 } }),
      at(1, 3, { phases: { write: 2 } }),
    ])
    expect(earlier.find(CELL, 1)).toMatchObject({ phases: { write: 1 } })
    expect(earlier.find(CELL, 2)).toBeUndefined()
    expect(earlier.find('another', 0)).toBeUndefined()
    expect([earlier.begun(1), earlier.begun(2)]).toEqual([true, false])
  })
})
