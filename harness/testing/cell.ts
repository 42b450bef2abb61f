import type { Cell } from '../contracts/cell.ts'
import type { Driver } from '../contracts/driver.ts'
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
