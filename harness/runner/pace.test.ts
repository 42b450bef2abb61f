import { expect, test } from 'vitest'
import type { Converging } from './convergence.ts'
import { keepPace } from './pace.ts'

const cell = (id: string): Converging => ({
  cell: { id, control: null, phases: [] },
  scenario: { meta: { phases: [] } },
})
const [quick, slow] = [cell('quick'), cell('slow')]

test('there is no estimate before every cell that goes on was measured', () => {
  const pace = keepPace()
  pace.took(quick, 1)
  expect(pace.left([quick, slow], () => 5)).toBeNull()
  expect(pace.left([quick], () => 5)).toEqual({ trials: 4, seconds: 4 })
})

test('each cell has its own pace and its own end', () => {
  const pace = keepPace()
  for (const seconds of [1, 3]) pace.took(quick, seconds)
  pace.took(slow, 10)
  const target = (one: Converging) => (one === quick ? 4 : 3)
  expect(pace.left([quick, slow], target)).toEqual({ trials: 4, seconds: 2 * 2 + 2 * 10 })
  // One that has more than it seems to need takes nothing back.
  expect(pace.left([quick], () => 1)).toEqual({ trials: 0, seconds: 0 })
})
