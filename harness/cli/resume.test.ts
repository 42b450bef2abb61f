import { describe, expect, test } from 'vitest'
import { expectRefusal, named, type Refusal } from './testing/refusal.ts'
import { refuseOptions } from './resume.ts'

const REFUSALS: readonly Refusal[] = [
  [
    'with another plan',
    'run --resume /nowhere --rounds 5',
    /--resume measures the plan of the run, and takes no --rounds/,
  ],
  ['with hosts', 'run --resume /nowhere --host a', /takes no --host/],
  ['of an empty name', () => ['run', '--resume', ''], /--resume is empty/],
]

describe('a run is not resumed', () => {
  test.each(named(REFUSALS))('%s', (_, refusal) => expectRefusal(refusal))

  test('takes no options but those that leave the plan as it is', () => {
    expect(() => refuseOptions([])).not.toThrow()
    expect(() => refuseOptions(['seed'])).toThrow(/takes no --seed/)
  })
})
