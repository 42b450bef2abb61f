import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Scenario } from '../contracts/scenario.ts'
import { formatSize } from '../contracts/units.ts'
import { fakeDrivers } from '../testing/fake-drivers.ts'
import { fakeImage, fakeScenarios } from '../testing/fake-scenarios.ts'
import { paramSets, planCells, type ParamSet } from './cells.ts'
import { parseConfigurations } from './configuration.ts'
import { estimate } from './estimate.ts'

const [write] = fakeScenarios as [Scenario]
const GIB = 1024 ** 3
/** Each run makes several plans. */
const RUNS = { numRuns: 30 }

function estimated(drivers: string, sizes: readonly number[], layers = 1) {
  const overrides = { size: sizes.map(formatSize), layers: [String(layers)] }
  const sets = paramSets(write, 'quick', overrides, 1)
  return estimate(planCells(parseConfigurations([drivers], fakeDrivers), sets, ['warm'], fakeDrivers, true))
}

const size = fc.integer({ min: 1, max: 2 ** 40 })

test('what is larger needs no less space and no less time', () => {
  fc.assert(
    fc.property(size, size, fc.integer({ min: 1, max: 9 }), (one, other, layers) => {
      const small = estimated('stacker', [Math.min(one, other)], layers)
      const large = estimated('stacker', [Math.max(one, other)], layers)
      expect(large.scratchSize).toBeGreaterThanOrEqual(small.scratchSize)
      expect(large.seconds.setUp).toBeGreaterThanOrEqual(small.seconds.setUp)
      expect(large.seconds.round).toBeGreaterThanOrEqual(small.seconds.round)
    }),
    RUNS,
  )
})

test('another cell needs no less space and more time', () => {
  fc.assert(
    fc.property(size, size, (one, other) => {
      fc.pre(one !== other)
      const both = estimated('stacker', [one, other])
      expect(both.scratchSize).toBeGreaterThanOrEqual(estimated('stacker', [one]).scratchSize)
      expect(both.seconds.round).toBeGreaterThan(estimated('stacker', [one]).seconds.round)
    }),
    RUNS,
  )
})

test('one size for all, whole mebibytes, which the hungriest configuration fits', () => {
  fc.assert(
    fc.property(size, (bytes) => {
      const { scratchByConfiguration, scratchSize } = estimated('all', [bytes])
      expect(Object.keys(scratchByConfiguration)).toHaveLength(5)
      expect(scratchSize % 1024 ** 2).toBe(0)
      const hungriest = Math.max(...Object.values(scratchByConfiguration))
      expect(scratchSize).toBeGreaterThanOrEqual(hungriest)
      expect(scratchSize - hungriest).toBeLessThanOrEqual(GIB)
    }),
    RUNS,
  )
})

test('what is absent takes no time and no scratch, and says why', () => {
  const sets = paramSets(write, 'quick', { size: ['1G'] }, 1)
  const cells = planCells(parseConfigurations(['all'], fakeDrivers), sets, ['warm'], fakeDrivers, true)
  const all = estimate(cells)
  const without = estimate(cells, ({ meta }) => (meta.id === 'solo' ? 'no solo here' : null))
  expect(all.absent).toEqual({})
  expect(without.absent).toEqual({ solo: 'no solo here' })
  expect(without.scratchByConfiguration).toEqual(all.scratchByConfiguration)
  expect(without.seconds.round).toBeLessThan(all.seconds.round)
  expect(without.seconds.setUp).toBeLessThan(all.seconds.setUp)
  const { solo = 0, ...present } = all.scratchByConfiguration
  expect(solo).toBeGreaterThan(0)
  expect(without.scratchSize).toBeGreaterThanOrEqual(Math.max(...Object.values(present)))
})

test('the images and the containers fit, with room for the file system', () => {
  const { scratchByConfiguration } = estimated('solo', [GIB], 4)
  expect(scratchByConfiguration['solo']).toBeGreaterThan(4 * GIB + GIB)
  expect(scratchByConfiguration['solo']).toBeLessThan(2 * 5 * GIB)
})

test('cells that share an image need it once', () => {
  const overrides = { size: ['1G'], kind: ['new', 'old'] }
  const sets = paramSets(write, 'quick', overrides, 1)
  const shared = planCells(
    parseConfigurations(['solo'], fakeDrivers),
    sets,
    ['cold', 'warm'],
    fakeDrivers,
    true,
  )
  expect(shared).toHaveLength(4)
  expect(estimate(shared).scratchByConfiguration).toEqual(estimated('solo', [GIB]).scratchByConfiguration)
})

test('what images lie on stands once, but a driver that keeps whole trees has a copy for each', () => {
  const on = fakeImage('own', [GIB])
  const space = (driver: string, count: number) => {
    const images = Array.from({ length: count }, (_, index) => ({ ...fakeImage(`i${index}`, [1024]), on }))
    const cells = images.flatMap((image) => {
      const [set] = paramSets({ ...write, image: () => image }, 'quick', { size: ['1M'] }, 1)
      return planCells(
        parseConfigurations([driver], fakeDrivers),
        [set as ParamSet],
        ['warm'],
        fakeDrivers,
        true,
      )
    })
    return estimate(cells).scratchByConfiguration[driver] ?? 0
  }
  expect(space('stacker@ext4', 4) - space('stacker@ext4', 1)).toBeLessThan(GIB / 100)
  expect(space('stacker@ext4', 1)).toBeGreaterThan(GIB)
  expect(space('plain@ext4', 4)).toBeGreaterThan(4 * GIB)
})

test('a union may copy the files that are changed; into a full copy only that is written which is', () => {
  const little = { ...write, footprint: () => ({ changed: 4 * GIB, written: 4096, containers: 1 }) }
  const sets = paramSets(little, 'quick', { size: ['1G'] }, 1)
  const cells = planCells(parseConfigurations(['stacker'], fakeDrivers), sets, ['warm'], fakeDrivers, true)
  const { scratchByConfiguration } = estimate(cells)
  expect(scratchByConfiguration['stacker@ext4']).toBeGreaterThan(5 * GIB)
  expect(scratchByConfiguration['plain@ext4']).toBeLessThan(2 * GIB)
})
