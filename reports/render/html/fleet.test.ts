import { expect, it } from 'vitest'
import { summarizeFleet } from '../../fleet/summarize.ts'
import { fixtureFleet } from '../../testing/fixture-fleet.ts'
import { fleetHtml } from './fleet.ts'

it('fleetHtml shows the hosts of a fleet of which nothing was downloaded', () => {
  expect(fleetHtml(summarizeFleet(fixtureFleet().fleet, []))).toContain('rack-3')
})
