import { describe, expect, it } from 'vitest'
import { summarize } from '../summary/summarize.ts'
import { fixtureRun } from '../testing/fixture-run.ts'
import { standingOf } from './standing.ts'

describe('standingOf', () => {
  it('says how many answers are known, and who is ahead in which question', () => {
    const { run, samples } = fixtureRun({ rounds: 3, state: 'running' })
    const { answers, leaders } = standingOf(summarize(run, samples))
    expect(answers).toMatch(/^\d+ of 35 answers known$/)
    expect(leaders).toMatch(/^ahead: overlay2@xfs in bigfile; .*\bvfs@ext4 in random-write\b/)
  })

  it('says nothing before anything was measured', () => {
    const { run } = fixtureRun({ state: 'running' })
    expect(standingOf(summarize(run, []))).toEqual({ answers: '', leaders: '' })
  })

  it('names nobody where a single configuration is measured', () => {
    const { run, samples } = fixtureRun({
      configurations: ['bare@ext4', 'overlay2@ext4'],
      scenarios: ['bigfile'],
    })
    expect(standingOf(summarize(run, samples))).toMatchObject({ leaders: '' })
  })
})
