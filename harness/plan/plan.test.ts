import { describe, expect, test } from 'vitest'
import { stateDirectory } from '../linux/xdg.ts'
import { benchErrorOf } from '../testing/errors.ts'
import { fakeDrivers } from '../testing/fake-drivers.ts'
import { fakeScenarios } from '../testing/fake-scenarios.ts'
import { makePlan, UNBOUNDED_ROUNDS } from './plan.ts'
import type { Request } from './request.ts'

const plan = (request: Request) => makePlan(request, { drivers: fakeDrivers, scenarios: fakeScenarios })
const BASE: Request = { driver: ['stacker'], scenario: ['write'] }

describe('a plan', () => {
  test('has the defaults of its profile', () => {
    expect(plan(BASE).options).toMatchObject({
      configurations: ['plain@ext4', 'stacker@ext4'],
      requested: ['stacker@ext4'],
      scenarios: ['write'],
      profile: 'quick',
      rounds: 3,
      maxRounds: 5,
      precision: 0.03,
      same: 0.1,
      calibration: 'brief',
      injected: {},
      load: 'none',
      budgetSeconds: null,
      seed: 1,
    })
    expect(plan({ ...BASE, profile: 'thorough' }).options.rounds).toBe(20)
    expect(new Set(plan({ ...BASE, profile: 'thorough' }).cells.map((cell) => cell.cache)).size).toBe(2)
    expect(new Set(plan(BASE).cells.map((cell) => cell.cache))).toEqual(new Set(['warm']))
  })

  test('takes what was given instead', () => {
    const { options } = plan({ ...BASE, rounds: '3', budget: '1h30m', seed: '0', 'scratch-size': '8G' })
    expect(options).toMatchObject({ rounds: 3, budgetSeconds: 5400, seed: 0 })
    expect(options.scratch.size).toBe(8 * 1024 ** 3)
  })

  test('of the standard profile ends by itself, unless the user says how many rounds or how long', () => {
    const budget = (request: Request) =>
      plan({ ...BASE, profile: 'standard', ...request }).options.budgetSeconds
    expect(budget({})).toBe(2100)
    expect(budget({ budget: '2h' })).toBe(7200)
    expect(budget({ rounds: '12' })).toBeNull()
    expect(budget({ 'max-rounds': '12' })).toBeNull()
    expect(plan({ ...BASE, profile: 'standard' }).options.leftOut).toEqual([])
  })

  test.each<[string, Request, number, number]>([
    ['those of its profile', { profile: 'standard' }, 5, 40],
    ['just as many as are asked for', { profile: 'standard', rounds: '12' }, 12, 12],
    ['as many as a budget allows', { rounds: '3', budget: '1m' }, 3, UNBOUNDED_ROUNDS],
    ['not more than are asked for, with or without a budget', { budget: '1m', 'max-rounds': '7' }, 3, 7],
    ['fewer than the profile has as its least', { profile: 'thorough', 'max-rounds': '7' }, 7, 7],
  ])('has rounds: %s', (_, request, rounds, maxRounds) => {
    expect(plan({ ...BASE, ...request }).options).toMatchObject({ rounds, maxRounds })
  })

  test('has as many rounds as the ranks take to show a difference among all that are compared, where it is thorough', () => {
    const sizes = Array.from({ length: 60 }, (_, index) => `${index + 1}M`)
    const many = (request: Request) =>
      plan({ ...BASE, set: { 'write.size': sizes, 'write.kind': ['new', 'old'] }, ...request }).options
    expect(many({ profile: 'standard' })).toMatchObject({ rounds: 5, maxRounds: 40 })
    expect(many({ profile: 'standard', 'max-rounds': '4' })).toMatchObject({ rounds: 4, maxRounds: 4 })
    expect(many({ profile: 'standard', rounds: '10' })).toMatchObject({ rounds: 10, maxRounds: 10 })
    expect(many({ profile: 'thorough' }).rounds).toBe(20)
    expect(many({}).rounds).toBe(3)
  })

  test('delays are injected into configurations of the run, under their canonical names', () => {
    const request = { ...BASE, driver: ['stacker', 'stacker#slow'], inject: { 'stacker@ext4#slow': '2.5%' } }
    expect(plan(request).options.injected).toEqual({ 'stacker@ext4#slow': 0.025 })
    for (const [text, flush] of Object.entries({ '20ms/flush': 0.02, '1ms/flush': 0.001, '1s/flush': 1 })) {
      const { injected } = plan({ ...request, inject: { 'stacker#slow': text } }).options
      expect(injected).toEqual({ 'stacker@ext4#slow': { flush, measured: null } })
    }
    expect(plan({ ...request, precision: '0.5%' }).options.precision).toBe(0.005)
  })

  test('a scratch size is rounded up to whole mebibytes, at which devices are divided', () => {
    expect(plan({ ...BASE, 'scratch-size': '1000' }).options.scratch.size).toBe(1024 ** 2)
  })

  test('is the same plan for the same request', () => {
    expect(plan(BASE).cells.map((cell) => cell.id)).toEqual(plan(BASE).cells.map((cell) => cell.id))
  })

  test('every scenario is meant by all', () => {
    expect(plan({ ...BASE, scenario: ['all'] }).options.scenarios).toEqual(['write', 'read'])
  })

  test('the scratch is a folder of the state directory, or what was given', () => {
    expect(plan(BASE).options.scratch).toMatchObject({ kind: 'loop', path: `${stateDirectory()}/scratch` })
    expect(plan({ ...BASE, scratch: '/x' }).options.scratch).toMatchObject({ kind: 'loop', path: '/x' })
    expect(plan({ ...BASE, device: '/dev/x', destroy: 'id' })).toMatchObject({
      options: { scratch: { kind: 'device', path: '/dev/x' } },
      destroy: 'id',
    })
  })

  test.each<[string, Request]>([
    ['no driver', { scenario: ['write'] }],
    ['an empty list of drivers', { ...BASE, driver: [] }],
    ['no scenario', { driver: ['solo'] }],
    ['an unknown scenario', { ...BASE, scenario: ['wirte'] }],
    ['an empty scenario', { ...BASE, scenario: ['write,'] }],
    ['an unknown profile', { ...BASE, profile: 'fast' }],
    ['an unknown cache state', { ...BASE, cache: 'hot' }],
    ['no rounds', { ...BASE, rounds: '0' }],
    ['fewer rounds at most than at least', { ...BASE, rounds: '5', 'max-rounds': '4' }],
    ['a precision without a percent sign', { ...BASE, precision: '3' }],
    ['a precision of nothing', { ...BASE, precision: '0%' }],
    ['an unknown extent of calibration', { ...BASE, calibration: 'long' }],
    ['controls neither on nor off', { ...BASE, controls: 'no' }],
    ['a delay of what is not in the run', { ...BASE, inject: { 'stacker#slow': '5%' } }],
    ['a delay that is no share', { ...BASE, inject: { stacker: '5' } }],
    ['a delay of flushes without a unit', { ...BASE, inject: { stacker: '5/flush' } }],
    ['a delay of flushes by nothing', { ...BASE, inject: { stacker: '0ms/flush' } }],
    ['a delay of flushes by half a millisecond', { ...BASE, inject: { stacker: '1.5ms/flush' } }],
    ['a delay of flushes by more than a second', { ...BASE, inject: { stacker: '1001ms/flush' } }],
    ['a share of flushes', { ...BASE, inject: { stacker: '5%/flush' } }],
    ['a delay of flushes on a device', { ...BASE, inject: { stacker: '5ms/flush' }, device: '/dev/x' }],
    ['an unknown load', { ...BASE, load: 'cpu' }],
    ['a load on a device given over', { ...BASE, load: 'disk', device: '/dev/x' }],
    ['a negative seed', { ...BASE, seed: '-1' }],
    ['a budget without a unit', { ...BASE, budget: '10' }],
    ['a size of nothing', { ...BASE, 'scratch-size': '0' }],
    ['a folder and a device', { ...BASE, scratch: '/a', device: '/dev/b' }],
    ['something to destroy without a device', { ...BASE, destroy: 'x' }],
  ])('%s is wrong use', (_, request) => {
    expect(benchErrorOf(() => plan(request)).exitCode).toBe(2)
  })
})
