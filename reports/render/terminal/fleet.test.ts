import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { summarizeFleet } from '../../fleet/summarize.ts'
import { fixtureFleet } from '../../testing/fixture-fleet.ts'
import { fleetTerminal, inParts } from './fleet.ts'

const { fleet, runs } = fixtureFleet({
  configurations: ['bare@ext4', 'overlay2@ext4'],
  scenarios: ['bigfile'],
})
const summary = summarizeFleet(fleet, runs)

describe('fleetTerminal', () => {
  it('shows how each host fared, and its figures in a column', () => {
    const lines = fleetTerminal(summary, 160, false).split('\n')
    expect(lines.find((line) => line.startsWith('rack-2'))).toMatch(/failed .*less than 1 GiB.*bench_scratch/)
    const at = lines.findIndex((line) => /^configuration +rack-1 +lab-1/.test(line))
    expect(lines[at + 2]).toMatch(
      /^overlay2@ext4 +[\d.]+ ms \([^)]+\), ▲ [\d.]+× +[\d.]+ ms \([^)]+\), ▲ [\d.]+×$/,
    )
    expect(lines.join('\n')).toMatch(/^Beside a plain directory on the same host: ▲ dearer, .*\.$/m)
    expect(stripVTControlCharacters(fleetTerminal(summary, 160, true))).toBe(lines.join('\n'))
  })

  it('shows the hosts of a fleet of which nothing was downloaded', () => {
    expect(fleetTerminal(summarizeFleet(fleet, []), 100, false)).toContain('rack-1')
  })
})

it('inParts keeps every host, and each part as narrow as it was to be', () => {
  const names = Array.from({ length: 20 }, (_, index) => `host-${index}`)
  const columns = ['configuration', ...names].map((title) => ({ title, align: 'left' as const, leaveOut: 0 }))
  const rows = [columns.map(({ title }) => `${title}:`)]
  const parts = inParts({ title: 'all', columns, rows }, 60)
  expect(parts.flatMap((part) => part.columns.slice(1).map(({ title }) => title))).toEqual(names)
  for (const part of parts) {
    expect(part.columns[0]?.title).toBe('configuration')
    expect((part.rows[0] ?? []).join('  ').length).toBeLessThanOrEqual(60)
  }
})
