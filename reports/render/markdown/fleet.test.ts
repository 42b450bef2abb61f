import { expect, it } from 'vitest'
import { summarizeFleet } from '../../fleet/summarize.ts'
import { fixtureFleet } from '../../testing/fixture-fleet.ts'
import { fleetMarkdown } from './fleet.ts'

it('fleetMarkdown has a table of hosts, of differences, and of each set of parameters', () => {
  const { fleet, runs } = fixtureFleet({
    configurations: ['bare@ext4', 'overlay2@ext4'],
    scenarios: ['bigfile'],
  })
  const summary = summarizeFleet(fleet, runs)
  const text = fleetMarkdown(summary)
  expect(text).toContain('### Hosts')
  expect(text).toContain('| Kernel | 6.12.9-amd64 | 6.1.0-44-amd64 |')
  expect(text.match(/^\| configuration \| rack-1 \| lab-1 \|$/gm)).toHaveLength(summary.groups.length)
})
