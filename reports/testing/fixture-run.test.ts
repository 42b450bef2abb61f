import { expect, it } from 'vitest'
import { runSchema } from '../../harness/contracts/run.ts'
import { sampleSchema } from '../../harness/contracts/sample.ts'
import { fixtureRun } from './fixture-run.ts'

it('is valid by the run schema, to the last field', () => {
  const { run, samples } = fixtureRun({ rounds: 4 })
  expect(runSchema.strict().parse(run)).toEqual(run)
  for (const sample of samples) expect(sampleSchema.strict().parse(sample)).toEqual(sample)
})

it('is the same every time, and another with another seed', () => {
  const of = (seed: number) => fixtureRun({ rounds: 2, seed })
  expect(of(7)).toEqual(of(7))
  expect(of(8).samples).not.toEqual(of(7).samples)
})

it('stops in the middle of a round when it is interrupted', () => {
  const { run, samples } = fixtureRun({ state: 'interrupted', rounds: 3 })
  expect(run.endedAt).toBeNull()
  const inRound = (round: number) => samples.filter((sample) => sample.round === round).length
  expect(inRound(2)).toBeLessThan(inRound(1))
})
