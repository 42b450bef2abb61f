import { expect, test } from 'vitest'
import { drivers } from '../../drivers/index.ts'
import { scenarios } from '../../scenarios/index.ts'
import { makePlan } from '../plan/plan.ts'
import { validationRequest, type Part } from './requests.ts'

const planOf = (part: Part, quick: boolean, load: 'none' | 'disk' = 'none') =>
  makePlan(validationRequest({ quick, part, load, seconds: 60, place: {} }), { drivers, scenarios })

test.each([true, false])(
  'equals are compared with each other, and nothing else is there (quick: %s)',
  (quick) => {
    const { cells, options } = planOf('alike', quick)
    expect(options.injected).toEqual({})
    const twins = cells.filter(({ control }) => control !== null)
    expect(twins).toHaveLength(cells.length / 2)
    for (const { driver, control } of twins) expect(`${control?.split(' ')[0]}#again`).toBe(driver)
  },
)

test.each([true, false])('each delay is injected into a configuration of its own (quick: %s)', (quick) => {
  const { cells, options } = planOf('delays', quick)
  expect(Object.values(options.injected)).toEqual([0.02, 0.05, 0.1])
  for (const driver of Object.keys(options.injected)) {
    expect(cells.filter((cell) => cell.driver === driver).every(({ control }) => control !== null)).toBe(true)
  }
})

test('only the first of the runs is calibrated; a load is asked for where it is wanted', () => {
  expect(planOf('alike', true).options).toMatchObject({
    calibration: 'brief',
    load: 'none',
    budgetSeconds: 60,
  })
  expect(planOf('delays', true, 'disk').options).toMatchObject({ calibration: 'none', load: 'disk' })
})
