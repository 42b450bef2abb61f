import { formatDuration, formatInterval, formatValue, NOTHING } from '../../format/format.ts'
import type { Grid, GridColumn } from './grid.ts'
import type { CellSummary, Summary } from '../../summary/types.ts'
import { legendText, taxSignsIn } from '../../verdict/signs.ts'
import { describeNothing } from '../../verdict/unmeasured.ts'
import { taxText } from './tax.ts'
import type { FleetGroup, FleetSummary } from '../../fleet/types.ts'

/** The hosts: how each one fared, and why one has no figures. */
export function hostsGrid({ hosts, measured }: FleetSummary): Grid {
  const unmeasured = new Map(measured.map(({ name, summary }) => [name, nothingText(summary)]))
  return {
    title: 'Hosts',
    columns: [
      { title: 'host', align: 'left', leaveOut: 0 },
      { title: 'state', align: 'left', leaveOut: 0 },
      { title: 'address', align: 'left', leaveOut: 2 },
      { title: 'steps', align: 'left', leaveOut: 1 },
      { title: 'reason', align: 'left', leaveOut: 0 },
    ],
    rows: hosts.map(({ name, state, address, seconds, reason, hint }) => [
      name,
      state,
      address,
      stepsOf(seconds).join(', ') || NOTHING,
      [reason ?? unmeasured.get(name) ?? null, hint].filter((part) => part !== null).join(': '),
    ]),
  }
}

/** Returns why a run has no samples, though it came to its end; null where it has some. */
function nothingText(summary: Summary): string | null {
  const sentences = describeNothing(summary).map(({ text }) => text)
  return sentences.length === 0 ? null : sentences.join(' ')
}

/** `connect 1 s`, `measure 4 min 12 s`. */
export function stepsOf(seconds: Readonly<Record<string, number>>): string[] {
  return Object.entries(seconds).map(([step, taken]) => `${step} ${stepText(taken)}`)
}

/** A connection takes tenths of a second, a measurement hours. */
function stepText(seconds: number): string {
  return seconds < 10 ? formatValue(seconds, 's') : formatDuration(seconds)
}

/** Returns the table of the hosts' differences: a row per fact, a column per host. */
export function differencesGrid({ differences, measured }: FleetSummary): Grid {
  return {
    title: 'What differs between the hosts',
    columns: [
      { title: 'fact', align: 'left', leaveOut: 0 },
      ...measured.map(({ name }) => ({ title: name, align: 'left', leaveOut: 0 }) as const),
    ],
    rows: differences.map(({ name, values }) => [name, ...values]),
  }
}

/** A table for each set of parameters: a row a configuration, a column a host. */
export function figureGrids(summary: FleetSummary): Grid[] {
  const titles = new Map(
    summary.measured.flatMap(({ summary: { run } }) => run.scenarios.map(({ id, title }) => [id, title])),
  )
  const columns: GridColumn[] = [
    { title: 'configuration', align: 'left', leaveOut: 0 },
    ...summary.measured.map(({ name }) => ({ title: name, align: 'right', leaveOut: 0 }) as const),
  ]
  return summary.groups.map((group) => ({
    title: titleOf(group, titles.get(group.scenario) ?? group.scenario),
    columns,
    rows: group.rows.map(({ driver, cells }) => [driver.configuration, ...cells.map(cellText)]),
  }))
}

function titleOf({ title, phase }: FleetGroup, scenario: string): string {
  return [scenario, title, phase].filter((part) => part !== '').join(' · ')
}

/** `251 ms (246 – 260 ms), ▲ 3.10×`: median, interval, and the answer beside the control on that host. */
export function cellText(cell: CellSummary | null): string {
  if (cell === null) return NOTHING
  const { headline, state } = cell
  if (headline?.value == null) return state === 'completed' ? NOTHING : state
  const { median, low, high } = headline.value
  const interval = low === null ? '' : ` (${formatInterval(low, high, median, headline.phase.unit)})`
  const tax = taxText(cell)
  return `${formatValue(median, headline.phase.unit)}${interval}${tax === '' ? '' : `, ${tax}`}`
}

/** Returns what the signs of the figures mean; empty where there are none. */
export function fleetLegend({ groups }: Pick<FleetSummary, 'groups'>): string {
  const signs = taxSignsIn(groups.flatMap(({ rows }) => rows.flatMap(({ cells }) => cells)))
  return signs.length === 0 ? '' : `Beside a plain directory on the same host: ${legendText(signs, ', ')}.`
}
