import { hostLine } from '../../format/host-line.ts'
import type { Grid } from '../tables/grid.ts'
import { groupsOf } from '../../summary/panel-groups.ts'
import { RUN_STATES, runFacts } from '../../format/run-facts.ts'
import type { Panel, Summary } from '../../summary/types.ts'
import { engineTaxGrids } from '../tables/engine-tax.ts'
import { ledgerGrids } from '../tables/ledger.ts'
import { COLUMNS } from '../tables/run-columns.ts'
import { verdict } from '../../verdict/verdict.ts'
import { bullets, documentOf, escapeMarkdown, gridLines } from './markdown.ts'

/** A run as Markdown: where and how it was measured, the verdict, a table for each scenario. */
export function runMarkdown(summary: Summary): string {
  const { run } = summary
  const facts = [RUN_STATES[run.state], ...runFacts(summary), `run ${run.id}`]
  return documentOf([
    '## Storage driver benchmark',
    '',
    escapeMarkdown(hostLine(run.host)),
    '',
    escapeMarkdown(facts.join(' · ')),
    '',
    ...bullets(verdict(summary).map(({ text }) => text)),
    ...(summary.samples.completed === 0 ? [] : summary.panels.flatMap(gridsOf).flatMap(gridLines)),
  ])
}

function gridsOf(panel: Panel): Grid[] {
  return [...panelGrids(panel), ...engineTaxGrids(panel), ...ledgerGrids(panel)]
}

function panelGrids(panel: Panel): Grid[] {
  return groupsOf(panel).map(({ title, cells }) => {
    const headline = cells.find((cell) => cell.headline !== null)?.headline?.phase.title ?? ''
    const parts = [panel.scenario.title, panel.title, title, headline]
    return {
      title: parts.filter((part) => part !== '').join(' · '),
      columns: COLUMNS,
      rows: cells.map((cell) => COLUMNS.map((column) => column.text(cell))),
    }
  })
}
