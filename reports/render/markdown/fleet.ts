import { differencesGrid, figureGrids, fleetLegend, hostsGrid } from '../tables/fleet.ts'
import { fleetSentences } from '../../fleet/sentences.ts'
import type { FleetSummary } from '../../fleet/types.ts'
import { RUN_STATES, timeText, tookText } from '../../format/run-facts.ts'
import { plural } from '../../format/format.ts'
import { bullets, documentOf, escapeMarkdown, gridLines } from './markdown.ts'

/** A fleet as Markdown: what to know first, the hosts, what they differ in, their figures side by side. */
export function fleetMarkdown(summary: FleetSummary): string {
  const { fleet } = summary
  const facts = [
    RUN_STATES[fleet.state],
    timeText(fleet.startedAt),
    ...tookText(fleet),
    plural(fleet.hosts.length, 'host'),
    `fleet ${fleet.id}`,
  ]
  const tables = [differencesGrid(summary), ...figureGrids(summary)].filter(({ rows }) => rows.length > 0)
  return documentOf([
    '## Storage driver benchmark: hosts side by side',
    '',
    escapeMarkdown(facts.join(' · ')),
    '',
    ...bullets(
      [...fleetSentences(summary).map(({ text }) => text), fleetLegend(summary)].filter(
        (text) => text !== '',
      ),
    ),
    ...[hostsGrid(summary), ...tables].flatMap(gridLines),
  ])
}
