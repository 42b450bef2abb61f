import { describe, expect, test } from 'vitest'
import type { ProfileName } from '../contracts/options.ts'
import type { Scenario } from '../contracts/scenario.ts'
import { benchErrorOf } from '../testing/errors.ts'
import { engineStacker, fakeDrivers } from '../testing/fake-drivers.ts'
import { fakeScenarios, readScenario, writeScenario } from '../testing/fake-scenarios.ts'
import { checkOverrides, paramSets, planCells, type Overrides } from './cells.ts'
import { parseConfigurations } from './configuration.ts'

const write = writeScenario as unknown as Scenario
const read = readScenario as unknown as Scenario

const sets = (profile: ProfileName, overrides: Overrides = {}, scenario = write) =>
  paramSets(scenario, profile, overrides, 1).map(({ encoded: { size, kind, layers } }) =>
    [size, kind, layers].filter((value) => value !== undefined).join(' '),
  )

function cells(
  configurations: string,
  scenarios: readonly Scenario[],
  overrides: Overrides = {},
  controls = true,
) {
  const drivers = [...fakeDrivers, engineStacker]
  const planned = planCells(
    parseConfigurations([configurations], drivers),
    scenarios.flatMap((scenario) => paramSets(scenario, 'quick', overrides, 1)),
    ['cold', 'warm'],
    drivers,
    controls,
  )
  return planned.map(({ cell }) => cell)
}

describe('parameter sets', () => {
  test('each grid is crossed, with defaults for what it leaves open', () => {
    expect(sets('thorough')).toEqual(['1M old 1', '1M old 8', '4G old 1', '4G old 8'])
  })

  test('sets that two grids have in common are one', () => {
    expect(sets('standard')).toEqual(['1M old 1', '16M old 1', '256M old 1', '16M new 1'])
  })

  test('an override takes the place of a key in every grid', () => {
    expect(sets('standard', { size: ['2M'] })).toEqual(['2M old 1', '2M new 1'])
    expect(sets('quick', { layers: ['3', '4'] })).toHaveLength(4)
  })

  test('values that mean the same are one', () => {
    expect(sets('quick', { size: ['1M', '1024K', '1MiB'] })).toEqual(['1M old 1'])
  })

  test('an override with a scope is for that scenario alone', () => {
    expect(sets('quick', { 'write.size': ['2M'] })).toEqual(['2M old 1'])
    expect(sets('quick', { 'write.size': ['2M'] }, read)).toEqual(['1M'])
  })

  test('a bad value names the scenario, the parameter and the value', () => {
    expect(benchErrorOf(() => sets('quick', { kind: ['ancient'] })).message).toBe(
      'scenario write: kind=ancient is not one of new, old',
    )
  })

  test.each([
    [{ sze: ['1M'] }, 'did you mean size?'],
    [{ 'wrte.size': ['1M'] }, 'did you mean write?'],
    [{ 'write.sze': ['1M'] }, 'did you mean size?'],
  ])('%o is not passed over in silence', (overrides, hint) => {
    const error = benchErrorOf(() => checkOverrides(fakeScenarios, overrides))
    expect(error).toMatchObject({ exitCode: 2, code: 'usage.unknown-parameter' })
    expect(error.hint).toContain(hint)
  })

  test('a scope must have the parameter itself, not another scenario', () => {
    expect(benchErrorOf(() => checkOverrides(fakeScenarios, { 'read.kind': ['new'] })).exitCode).toBe(2)
  })

  test('what some scenario of the run knows is fine', () => {
    expect(() => checkOverrides(fakeScenarios, { kind: ['new'], 'write.layers': ['2'] })).not.toThrow()
  })
})

describe('cells', () => {
  test('configurations × sets × cache states, with the controls they need before them', () => {
    const planned = cells('stacker@xfs,stacker@ext4', [write])
    expect([...new Set(planned.map((cell) => cell.configuration))]).toEqual([
      'plain@xfs',
      'plain@ext4',
      'stacker@xfs',
      'stacker@ext4',
    ])
    expect(planned).toHaveLength(4 * 2 * 2)
    expect(new Set(planned.map((cell) => cell.id)).size).toBe(planned.length)
  })

  test('each names the cell of its control: same scenario, parameters, cache', () => {
    const planned = cells('stacker@xfs,solo', fakeScenarios)
    const others = planned.filter(({ driver }) => driver !== 'stacker')
    for (const cell of others) expect(cell.control).toBeNull()
    for (const cell of planned.filter(({ driver }) => driver === 'stacker')) {
      expect(planned.find(({ id }) => id === cell.control)).toMatchObject({
        configuration: 'plain@xfs',
        scenario: cell.scenario,
        params: cell.params,
        cache: cell.cache,
        image: cell.image,
      })
    }
  })

  test('a control holds what the workload touches of the image, the others hold all of it', () => {
    const image = { id: 'whole', layers: [], touched: { id: 'touched', layers: [] } }
    const planned = cells('stacker', [{ ...read, image: () => image }])
    expect(new Set(planned.map(({ driver, image: id }) => `${driver} ${id}`))).toEqual(
      new Set(['plain touched', 'stacker whole']),
    )
  })

  test('a labelled configuration brings its equal, and that its control', () => {
    const planned = cells('stacker#again', [read])
    expect(
      planned.map(({ configuration, control }) => [configuration, control?.split(' ')[0] ?? null]),
    ).toEqual([
      ['plain@ext4', null],
      ['plain@ext4', null],
      ['stacker@ext4', 'plain@ext4'],
      ['stacker@ext4', 'plain@ext4'],
      ['stacker@ext4#again', 'stacker@ext4'],
      ['stacker@ext4#again', 'stacker@ext4'],
    ])
  })

  test('a configuration through an engine brings the one that does the same without it, beside its control', () => {
    const first = (id: string | null = null) => id?.split(' ')[0] ?? null
    const comparedWith = (given: string, controls = true) =>
      cells(given, [read], {}, controls)
        .filter(({ cache }) => cache === 'warm')
        .map(({ configuration, control, withoutEngine }) => [
          configuration,
          first(control),
          first(withoutEngine),
        ])
    expect(comparedWith('engine:stacker@xfs')).toEqual([
      ['plain@xfs', null, null],
      ['stacker@xfs', 'plain@xfs', null],
      ['engine:stacker@xfs', 'plain@xfs', 'stacker@xfs'],
    ])
    expect(comparedWith('engine:stacker@btrfs')).toEqual([['engine:stacker@btrfs', null, null]])
    expect(comparedWith('engine:stacker#again').map(([configuration]) => configuration)).toEqual([
      'plain@ext4',
      'stacker@ext4',
      'engine:stacker@ext4',
      'engine:stacker@ext4#again',
    ])
    expect(comparedWith('engine:stacker', false)).toEqual([['engine:stacker@ext4', null, null]])
    expect(comparedWith('stacker,engine:stacker', false)[1]).toEqual([
      'engine:stacker@ext4',
      null,
      'stacker@ext4',
    ])
  })

  test('without controls there is what was asked for, compared with itself where it can be', () => {
    const planned = cells('stacker,stacker#again,solo#b', [read], {}, false)
    expect(
      planned.map(({ configuration, control }) => [configuration, control?.split(' ')[0] ?? null]),
    ).toEqual([
      ['stacker@ext4', null],
      ['stacker@ext4', null],
      ['stacker@ext4#again', 'stacker@ext4'],
      ['stacker@ext4#again', 'stacker@ext4'],
      ['solo#b', null],
      ['solo#b', null],
    ])
  })

  test('a control that was asked for stands once', () => {
    expect(cells('plain,stacker', [read]).map((cell) => cell.configuration)).toEqual([
      'plain@ext4',
      'plain@ext4',
      'stacker@ext4',
      'stacker@ext4',
    ])
  })

  test('a control reports no snapshot verbs that its copy makes meaningless', () => {
    const [control, other] = ['plain@ext4', 'stacker@ext4'].map((driver) =>
      cells('stacker', [write]).find((cell) => cell.configuration === driver),
    )
    expect(control?.phases).toEqual(['mount', 'open', 'write', 'first', 'umount'])
    expect(other?.phases).toEqual(['prepare', 'mount', 'open', 'write', 'first', 'umount', 'remove'])
  })

  test('the phases follow the parameters', () => {
    for (const cell of cells('solo', [write], { kind: ['new'] })) expect(cell.phases).not.toContain('open')
  })
})
