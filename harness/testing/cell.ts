import type { Cell } from '../contracts/cell.ts'
import type { Driver } from '../contracts/driver.ts'
import type { ResolvedCell } from '../contracts/plan.ts'
import type { Scenario } from '../contracts/scenario.ts'
import { plainConfig } from './fake-store.ts'

/** Returns a cell of the scenario `write` under a driver's plain configuration, but for what the test changes. */
export function fakeCell(driver: Driver, changes: Partial<Cell> = {}): Cell {
  const config = plainConfig(driver)
  return {
    id: `${config.text} write warm`,
    configuration: config.text,
    driver: config.driver,
    backing: config.backing,
    scenario: 'write',
    params: {},
    label: '',
    subject: '',
    cache: 'warm',
    phases: ['prepare', 'mount'],
    image: 'image',
    control: null,
    ...changes,
  }
}

/** Returns such a cell with the objects that it names. */
export function fakeResolvedCell(
  driver: Driver,
  scenario: Scenario,
  changes: Partial<Cell> = {},
): ResolvedCell {
  const image = scenario.image({}, 1)
  const cell = fakeCell(driver, { image: image.id, ...changes })
  return { cell, driver, config: plainConfig(driver), scenario, params: {}, image }
}
