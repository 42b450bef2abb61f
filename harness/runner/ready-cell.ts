import type { Cell } from '../contracts/cell.ts'
import type { Driver } from '../contracts/driver.ts'
import type { Scenario } from '../contracts/scenario.ts'
import type { BuiltImage, OpenStore } from './stores.ts'

/** A cell with everything open that a trial of it needs. */
export interface ReadyCell {
  cell: Cell
  driver: Driver
  scenario: Scenario
  params: unknown
  store: OpenStore
  image: BuiltImage
}
