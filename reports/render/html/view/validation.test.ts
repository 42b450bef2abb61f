import { expect, it } from 'vitest'
import { summarize } from '../../../summary/summarize.ts'
import { fixtureRun } from '../../../testing/fixture-run.ts'
import { validationView } from './validation.ts'

it('validationView says of each delay how it was made', () => {
  const equal = 'overlay2@ext4'
  const { run, samples } = fixtureRun({
    configurations: [equal, `${equal}#delayed`, `${equal}#flushes`],
    scenarios: ['bigfile'],
  })
  const view = validationView(summarize(run, samples).validation)
  expect(view?.delays.map(({ means }) => means)).toEqual([
    ...Array<string>(3).fill('within the phases'),
    ...Array<string>(3).fill('dm-delay, 1 flush × 17.3 ms'),
  ])
})
