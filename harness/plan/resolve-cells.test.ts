import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { planSchema, type Registry } from '../contracts/plan.ts'
import type { Scenario } from '../contracts/scenario.ts'
import { benchErrorOf } from '../testing/errors.ts'
import { fakeDrivers } from '../testing/fake-drivers.ts'
import { fakeImage, fakeScenarios } from '../testing/fake-scenarios.ts'
import { paramSets, planCells } from './cells.ts'
import { parseConfigurations } from './configuration.ts'
import { makePlan } from './plan.ts'
import { resolveCells } from './resolve-cells.ts'

const registry: Registry = { drivers: fakeDrivers, scenarios: fakeScenarios }
const CONFIGURATIONS = [
  'stacker',
  'stacker@xfs+sync=on+chunk=1M',
  'stacker+depth=3#again',
  'solo',
  'plain@xfs',
]

/** The plan as another process reads it. */
const travelled = (plan: unknown) => planSchema.parse(JSON.parse(JSON.stringify(plan)))

describe('a plan that has travelled', () => {
  test('is the plan that was made', () => {
    const plan = makePlan({ driver: ['all'], scenario: ['all'], inject: { stacker: '5%' } }, registry)
    expect(travelled(plan)).toEqual(plan)
  })

  test('names the objects that it was made of', () => {
    fc.assert(
      fc.property(
        fc.subarray(CONFIGURATIONS, { minLength: 1 }),
        fc.constantFrom('quick', 'standard', 'thorough'),
        fc.nat(9),
        (texts, profile, seed) => {
          const made = planCells(
            parseConfigurations(texts, fakeDrivers),
            fakeScenarios.flatMap((scenario) => paramSets(scenario, profile, {}, seed)),
            ['cold', 'warm'],
            fakeDrivers,
            true,
          )
          const request = { driver: texts, scenario: ['all'], profile, cache: 'both', seed: String(seed) }
          const found = resolveCells(travelled(makePlan(request, registry)), registry)
          const plain = ({ cell, driver, config, scenario, params, image }: (typeof made)[number]) => [
            cell,
            driver.meta.id,
            config,
            scenario.meta.id,
            params,
            image.id,
          ]
          expect(found.map(plain)).toEqual(made.map(plain))
        },
      ),
      { numRuns: 20 },
    )
  })
})

describe('cells', () => {
  test('of equal parameters share one image', () => {
    const plan = makePlan({ driver: ['stacker', 'solo'], scenario: ['write'] }, registry)
    const images = new Set(resolveCells(plan, registry).map(({ image }) => image))
    expect(images.size).toBe(2)
  })

  test('of a driver or a scenario that is not there are refused', () => {
    const plan = makePlan({ driver: ['solo'], scenario: ['read'] }, registry)
    const without = (changes: Partial<Registry>) =>
      benchErrorOf(() => resolveCells(plan, { ...registry, ...changes })).code
    expect(without({ drivers: [] })).toBe('usage.unknown-driver')
    expect(without({ scenarios: [] })).toBe('usage.unknown-scenario')
  })

  test('whose scenario makes another image than was planned are refused', () => {
    const plan = makePlan({ driver: ['solo'], scenario: ['write'] }, registry)
    const changed: Scenario[] = fakeScenarios.map((scenario) => ({
      ...scenario,
      image: () => fakeImage('another', [1]),
    }))
    expect(benchErrorOf(() => resolveCells(plan, { ...registry, scenarios: changed })).code).toBe(
      'plan.image',
    )
  })
})
