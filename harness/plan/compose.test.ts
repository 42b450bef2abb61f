import { describe, expect, test } from 'vitest'
import { benchErrorOf } from '../testing/errors.ts'
import { fakeDrivers } from '../testing/fake-drivers.ts'
import { fakeScenarios } from '../testing/fake-scenarios.ts'
import { composePlan } from './compose.ts'
import { makePlan } from './plan.ts'
import type { Request } from './request.ts'

const registry = { drivers: fakeDrivers, scenarios: fakeScenarios }
const write = (size: string, driver = 'stacker'): Request => ({
  driver: [driver],
  scenario: ['write'],
  set: { size: [size] },
})

describe('a composed plan', () => {
  test('of one part is the plan of that part', () => {
    const common: Request = { rounds: '4' }
    expect(composePlan([write('2M')], common, registry)).toEqual(
      makePlan({ ...common, ...write('2M') }, registry),
    )
  })

  test('measures once what several parts ask for', () => {
    const { cells, options } = composePlan([write('2M'), write('3M'), write('2M')], {}, registry)
    expect(cells.map(({ configuration, params }) => [configuration, params['size']])).toEqual([
      ['plain@ext4', '2M'],
      ['stacker@ext4', '2M'],
      ['plain@ext4', '3M'],
      ['stacker@ext4', '3M'],
    ])
    expect(options).toMatchObject({
      configurations: ['plain@ext4', 'stacker@ext4'],
      requested: ['stacker@ext4'],
      scenarios: ['write'],
    })
  })

  test('has scratch for the largest of its parts', () => {
    const sizeOf = (...parts: readonly Request[]) => composePlan(parts, {}, registry).options.scratch.size
    expect(sizeOf(write('1M'), write('4G'))).toBe(sizeOf(write('4G')))
    expect(sizeOf(write('4G'))).toBeGreaterThan(sizeOf(write('1M')))
  })

  test('refuses a part that is wrong', () => {
    expect(benchErrorOf(() => composePlan([write('1M'), write('huge')], {}, registry)).message).toContain(
      'huge',
    )
  })
})
