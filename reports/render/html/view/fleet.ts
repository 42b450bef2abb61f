/** Everything that the page of a fleet prints. */
import { HOSTS_FOLDER, type FleetHost } from '../../../../harness/contracts/fleet.ts'
import { hostLine } from '../../../format/host-line.ts'
import type { Difference } from '../../../compare/fingerprints.ts'
import { stepsOf } from '../../tables/fleet.ts'
import { fleetSentences } from '../../../fleet/sentences.ts'
import type { FleetSummary, MeasuredHost } from '../../../fleet/types.ts'
import { formatCount, joinList, plural } from '../../../format/format.ts'
import { RUN_STATES, timeText, tookText } from '../../../format/run-facts.ts'
import type { Masthead } from '../shell.ts'
import { fleetTable } from './fleet-table.ts'
import { keepTogether } from './labels.ts'
import type { Styles } from './palette.ts'
import type { TableView } from './table.ts'

export interface FleetView extends Masthead {
  overview: readonly { tone: string; text: string }[]
  differences: { caption: string; columns: readonly string[]; rows: readonly Difference[] }
  hosts: readonly HostView[]
  scenarios: readonly { id: string; title: string; question: string; table: TableView }[]
  command: string
}

interface HostView {
  name: string
  /** Relative to this page; empty for a host that has no run. */
  report: string
  address: string
  state: string
  machine: string
  samples: string
  steps: readonly string[]
  reason: string
  hint: string
}

/** More names than this are only counted. */
const MOST_NAMES = 5

export function fleetView(summary: FleetSummary, styles: Styles): FleetView {
  const { fleet, measured, hosts } = summary
  const names = hosts.map(({ name }) => name)
  const scenarios = scenarioViews(summary, styles)
  return {
    title: 'Storage driver benchmark: hosts side by side',
    host: names.length > MOST_NAMES ? plural(names.length, 'host') : joinList(names),
    facts: [timeText(fleet.startedAt), ...tookText(fleet), plural(hosts.length, 'host'), fleet.id],
    state: { name: fleet.state, text: RUN_STATES[fleet.state] },
    contents: [
      { anchor: 'verdict', title: 'Side by side' },
      { anchor: 'hosts', title: 'Hosts' },
      ...scenarios.map(({ id, title }) => ({ anchor: `scenario-${id}`, title })),
      { anchor: 'method', title: 'Method' },
    ],
    bench: versionsOf(measured),
    overview: fleetSentences(summary).map(({ tone, text }) => ({ tone, text: keepTogether(text) })),
    differences: {
      caption: 'What differs between the hosts',
      columns: measured.map(({ name }) => name),
      rows: summary.differences,
    },
    hosts: hosts.map((host) => hostView(host, measured)),
    scenarios,
    command: fleet.command,
  }
}

function versionsOf(measured: readonly MeasuredHost[]): string {
  return joinList([...new Set(measured.map(({ summary }) => summary.run.host.bench))])
}

function hostView(host: FleetHost, measured: readonly MeasuredHost[]): HostView {
  const summary = measured.find(({ name }) => name === host.name)?.summary
  return {
    name: host.name,
    report: summary === undefined ? '' : `${HOSTS_FOLDER}/${encodeURIComponent(host.name)}/report.html`,
    address: host.address,
    state: host.state,
    machine: summary === undefined ? '' : hostLine(summary.run.host),
    samples: summary === undefined ? '' : formatCount(summary.samples.completed),
    steps: stepsOf(host.seconds),
    reason: host.reason ?? '',
    hint: host.hint ?? '',
  }
}

function scenarioViews(summary: FleetSummary, styles: Styles): FleetView['scenarios'] {
  const known = summary.measured.flatMap((host) => host.summary.run.scenarios)
  const scenarios = new Map(known.map((scenario) => [scenario.id, scenario]))
  return [...scenarios.values()].flatMap(({ id, title, question }) => {
    const groups = summary.groups.filter(({ scenario }) => scenario === id)
    if (groups.length === 0) return []
    return [{ id, title, question, table: fleetTable({ id, title }, groups, summary.measured, styles) }]
  })
}
