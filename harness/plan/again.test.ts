import { expect, test } from 'vitest'
import { fakeDrivers } from '../testing/fake-drivers.ts'
import { fakeScenarios } from '../testing/fake-scenarios.ts'
import { planAgain } from './again.ts'
import { makePlan } from './plan.ts'

const registry = { drivers: fakeDrivers, scenarios: fakeScenarios }

test('measures the named cells and their controls again, on the scratch of the run, and nothing else', () => {
  const { cells, options } = makePlan({ driver: ['all'], scenario: ['all'], budget: '1h' }, registry)
  const suspicious = cells.findLast(({ control }) => control !== null)
  const again = planAgain({ id: 'run-1', cells, options }, new Set([suspicious?.id ?? '']), 7, registry)
  expect(new Set(again.cells.map(({ id }) => id))).toEqual(new Set([suspicious?.id, suspicious?.control]))
  expect(again.options).toMatchObject({
    rounds: 7,
    maxRounds: 7,
    budgetSeconds: null,
    confirms: 'run-1',
    scratch: options.scratch,
    seed: options.seed,
  })
  expect(Object.keys(again.estimate.scratchByConfiguration)).toEqual(again.options.configurations)
})
