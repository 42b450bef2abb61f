import { formatValue, NOTHING } from '../../../format/format.ts'
import type { Panel, Summary } from '../../../summary/types.ts'
import type { LegendEntry } from './chart-view.ts'
import { costClass, ratioText, unconvergedMark } from './cost.ts'
import { type Styles, styleOf } from './palette.ts'
import { seriesSwatch } from './swatch.ts'
import { tagsOf } from './table.ts'

/** Every configuration against every scenario: the headline at its largest parameters, and what it is of the control. */
export interface OverviewTable {
  columns: readonly { scenario: string; label: string; phase: string; anchor: string }[]
  rows: readonly OverviewRow[]
}

interface OverviewRow {
  configuration: LegendEntry
  tags: readonly string[]
  cells: readonly OverviewCell[]
}

interface OverviewCell {
  text: string
  /** Against the control, with `~` where no difference is shown and `?` where there were too few rounds. */
  sub: string
  /** Half-width of a ratio that is unconverged; else empty. */
  mark: string
  /** `cost-0` (none shown) … `cost-4`. */
  className: string
  /** A cost that falls outside the headline. */
  elsewhere: string
}

const EMPTY = { sub: '', mark: '', className: 'missing', elsewhere: '' }

export function overviewTable(summary: Summary, styles: Styles): OverviewTable {
  const panels = summary.panels.filter(({ biggest }) => biggest.some(({ samples }) => samples.completed > 0))
  return {
    columns: panels.map((panel) => ({
      scenario: panel.scenario.title,
      label: panel.biggest[0]?.cell.label ?? '',
      phase: panel.biggest[0]?.headline?.phase.title ?? '',
      anchor: `scenario-${panel.scenario.id}`,
    })),
    rows: summary.run.drivers.map((driver) => ({
      configuration: seriesSwatch(driver.configuration, styleOf(styles, driver.configuration)),
      tags: tagsOf({ driver, injected: summary.run.options.injected[driver.configuration] ?? null }),
      cells: panels.map((panel) => cellOf(panel, driver.configuration)),
    })),
  }
}

function cellOf(panel: Panel, configuration: string): OverviewCell {
  const cell = panel.biggest.find((one) => one.cell.configuration === configuration)
  const headline = cell?.headline
  if (cell === undefined) return { ...EMPTY, text: NOTHING }
  if (headline?.value == null) return { ...EMPTY, text: cell.state }
  const dear = panel.elsewhere.find((one) => one.cell === cell)?.phase
  return {
    text: formatValue(headline.value.median, headline.phase.unit),
    sub: cell.driver.role === 'control' ? 'control' : ratioText(cell.ratio),
    mark: unconvergedMark(cell.ratio),
    className: costClass(cell),
    elsewhere:
      dear?.value == null ? '' : `+ ${formatValue(dear.value.median, dear.phase.unit)} in ${dear.phase.id}`,
  }
}
