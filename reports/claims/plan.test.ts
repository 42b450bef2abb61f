/** The plan of all claims, made with the drivers and scenarios that there are. */
import { expect, test } from 'vitest'
import { drivers } from '../../drivers/index.ts'
import { claims } from './list/index.ts'
import { scenarios } from '../../scenarios/index.ts'
import { composePlan } from '../../harness/plan/compose.ts'
import type { Request } from '../../harness/plan/request.ts'

const requestOf = ({ driver, scenario, set }: (typeof claims)[number]['parts'][number]): Request => ({
  driver: [...driver],
  scenario: [scenario],
  set: Object.fromEntries(Object.entries(set).map(([key, value]) => [key, [value]])),
})

test('every cell that a claim asks for is found in it by the names that the claim uses', () => {
  const parts = claims.flatMap((claim) => claim.parts)
  const { cells } = composePlan(parts.map(requestOf), { controls: 'off' }, { drivers, scenarios })
  for (const { driver, scenario, set } of parts) {
    for (const configuration of driver) {
      const found = cells.filter(
        (cell) =>
          cell.configuration === configuration &&
          cell.scenario === scenario &&
          Object.entries(set).every(([name, value]) => cell.params[name] === value),
      )
      expect(found, `${configuration} ${scenario} ${JSON.stringify(set)}`).toHaveLength(1)
    }
  }
  const asked = parts.reduce((sum, { driver }) => sum + driver.length, 0)
  expect(cells.length).toBeLessThan(asked)
})
