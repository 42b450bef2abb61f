import { expect, test } from 'vitest'
import type { Run } from '../../contracts/run.ts'
import type { Sample } from '../../contracts/sample.ts'
import { sampleOf, smallRun } from '../../testing/small-run.ts'
import { dutyOf } from './duty.ts'

/** A minute, of which four seconds are trials; `untimed` and `took` as given. */
function runWith(samples: readonly Partial<Sample>[]): [Run, Sample[]] {
  const run = smallRun()
  return [run, samples.map((changes, round) => ({ ...sampleOf(run, round), ...changes }))]
}

test('every second of the run is measured or named', () => {
  const [run, samples] = runWith([
    {
      at: '2026-01-31T14:25:31.000Z',
      took: 2,
      phases: { write: 1.25 },
      untimed: { rest: 0.25, verify: 0.5 },
    },
    { at: '2026-01-31T14:25:34.000Z', took: 2, phases: { write: 1 }, untimed: { verify: 0.5 } },
  ])
  const { wall, measured, later, rest, rounds } = dutyOf(run, samples)
  expect({ wall, measured, rounds }).toEqual({ wall: 60, measured: 2.25, rounds: 2 })
  expect(later, 'the first round left out').toEqual({ trials: 2, measured: 1 })
  expect(Object.fromEntries(rest)).toEqual({
    calibration: 0,
    settling: 0.25,
    verifying: 1,
    'rest of the trials': 0.5,
    'probing, formatting, images': 30,
    'between trials': 1,
    'taking down': 25,
  })
  expect([...rest.values()].reduce((sum, seconds) => sum + seconds, measured)).toBeCloseTo(wall)
})

test('a phase that is the sum of others is not counted twice', () => {
  const [run, samples] = runWith([{ phases: { write: 1, both: 1 } }])
  const [scenario] = run.scenarios
  scenario?.phases.push({ id: 'both', title: 'both', unit: 's', better: 'lower', sum: ['write'] })
  expect(dutyOf(run, samples).measured).toBe(1)
})

test('of a run without a sample all went into getting ready', () => {
  const [run] = runWith([])
  const { measured, rest, rounds } = dutyOf(run, [])
  expect({ measured, rounds }).toEqual({ measured: 0, rounds: 0 })
  expect(rest.get('taking down')).toBe(60)
})
