import type { Fleet } from '../../harness/contracts/fleet.ts'
import { usageError } from '../../harness/contracts/error.ts'
import type { HostRun } from '../../harness/contracts/report.ts'
import { differencesBetween } from '../compare/fingerprints.ts'
import { groupBy } from '../summary/group-by.ts'
import { totalOf } from '../summary/sample-counts.ts'
import { summarize } from '../summary/summarize.ts'
import type { CellSummary } from '../summary/types.ts'
import type { FleetGroup, FleetSummary, MeasuredHost } from './types.ts'

/**
 * Summarizes a fleet. Reads each host's samples once. Throws `usage.fleet-inconsistent` for a run of a host that the
 * fleet does not name, and whatever summarizing a run throws.
 */
export function summarizeFleet(fleet: Fleet, runs: readonly HostRun[]): FleetSummary {
  const known = new Set(fleet.hosts.map(({ name }) => name))
  const stranger = runs.find(({ name }) => !known.has(name))
  if (stranger !== undefined) {
    throw usageError(
      'fleet-inconsistent',
      `fleet ${fleet.id} has a run of ${stranger.name} but does not name it`,
    )
  }
  const measured = fleet.hosts.flatMap(({ name }) => {
    const own = runs.find((one) => one.name === name)
    return own === undefined ? [] : [{ name, summary: summarize(own.run, own.samples) }]
  })
  return {
    fleet,
    measured,
    hosts: fleet.hosts,
    differences: differencesBetween(measured.map(({ summary }) => summary.run.host)),
    groups: groupsOf(measured),
    samples: measured.reduce((sum, { summary: { samples } }) => sum + totalOf(samples), 0),
  }
}

/** Cells of all hosts by what is measured, in the order in which they are met. */
function groupsOf(measured: readonly MeasuredHost[]): FleetGroup[] {
  const all = measured.flatMap(({ summary }) => summary.cells)
  const hasBothCaches = new Set(all.map(({ cell }) => cell.cache)).size > 1
  return [...groupBy(all, groupKey).values()].map((cells) => {
    const first = cells[0] as CellSummary
    const cache = hasBothCaches ? `, ${first.cell.cache} cache` : ''
    return {
      scenario: first.cell.scenario,
      title: `${first.cell.label}${cache}`,
      phase: cells.find(({ headline }) => headline !== null)?.headline?.phase.title ?? '',
      rows: [...groupBy(cells, ({ cell }) => cell.id)].map(([id, own]) => ({
        driver: (own[0] as CellSummary).driver,
        cells: measured.map(({ summary }) => summary.cells.find(({ cell }) => cell.id === id) ?? null),
      })),
    }
  })
}

function groupKey({ cell }: CellSummary): string {
  const params = Object.entries(cell.params).sort(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify([cell.scenario, params, cell.cache])
}
