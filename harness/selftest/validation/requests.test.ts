import { expect, test } from 'vitest'
import { drivers } from '../../../drivers/index.ts'
import { scenarios } from '../../../scenarios/index.ts'
import { makePlan } from '../../plan/plan.ts'
import { validated, validationRequest, type Part } from './requests.ts'

const configurations = validated(drivers.map(({ meta }) => meta))

function planOf(part: Part, quick: boolean, load: 'none' | 'disk' = 'none') {
  const options = {
    configurations,
    quick,
    part,
    load,
    seconds: 60,
    flushDelays: [4, 9, 17, 33, 65],
    place: {},
  }
  return makePlan(validationRequest(options), { drivers, scenarios })
}

test('overlay2 and btrfs are measured, each configuration of their showcases', () => {
  expect(configurations).toEqual({ delayed: 'overlay2@ext4', others: ['overlay2@xfs', 'btrfs'] })
  expect(() => validated([{ showcase: ['other'] }])).toThrow('no driver')
})

test.each([true, false])(
  'equals are compared with each other, and nothing else is there (quick: %s)',
  (quick) => {
    const { cells, options } = planOf('alike', quick)
    expect(options.injected).toEqual({})
    const twins = cells.filter(({ control }) => control !== null)
    expect(twins).toHaveLength(cells.length / 2)
    for (const { configuration, control } of twins)
      expect(`${control?.split(' ')[0]}#again`).toBe(configuration)
  },
)

test.each([true, false])('each delay is injected into a configuration of its own (quick: %s)', (quick) => {
  const { cells, options } = planOf('delays', quick)
  expect(Object.values(options.injected)).toEqual([0.05, 0.1, 0.25, 0.5, 1])
  for (const driver of Object.keys(options.injected)) {
    expect(
      cells.filter((cell) => cell.configuration === driver).every(({ control }) => control !== null),
    ).toBe(true)
  }
})

test.each([true, false])('with dm-delay, flushes are delayed and phases of the rest (quick: %s)', (quick) => {
  const flushes = planOf('flush-delays', quick)
  const measured = null
  expect(flushes.options.injected).toEqual({
    'overlay2@ext4#flush-4ms': { flush: 0.004, measured },
    'overlay2@ext4#flush-9ms': { flush: 0.009, measured },
    'overlay2@ext4#flush-17ms': { flush: 0.017, measured },
    'overlay2@ext4#flush-33ms': { flush: 0.033, measured },
    'overlay2@ext4#flush-65ms': { flush: 0.065, measured },
  })
  const phases = planOf('phase-delays', quick)
  expect(Object.values(phases.options.injected)).toEqual([0.05, 0.1, 0.25, 0.5, 1])
  const all = planOf('delays', quick)
  const scenariosOf = ({ cells }: typeof all) => new Set(cells.map(({ scenario }) => scenario))
  expect(scenariosOf(all)).toEqual(new Set([...scenariosOf(flushes), ...scenariosOf(phases)]))
  expect(flushes.cells).toHaveLength(phases.cells.length)
})

test('the pilot is as small as it can be, and measures what the flushes are delayed of', () => {
  const { cells, options } = planOf('pilot', false)
  expect(options).toMatchObject({ rounds: 5, maxRounds: 5, calibration: 'none', budgetSeconds: null })
  expect(cells.map(({ configuration }) => configuration)).toEqual(['overlay2@ext4', 'overlay2@ext4#pilot'])
  const measured = planOf('flush-delays', false).cells.find(({ control }) => control === null)
  expect(cells[0]?.params).toEqual(measured?.params)
})

test('only the first of the runs is calibrated; a load is asked for where it is wanted', () => {
  expect(planOf('alike', true).options).toMatchObject({
    calibration: 'brief',
    load: 'none',
    budgetSeconds: 60,
  })
  expect(planOf('delays', true, 'disk').options).toMatchObject({ calibration: 'none', load: 'disk' })
})
