import { formatRatio, formatValue, NOTHING } from '../../format.ts'
import type { CellSummary, Panel, Summary } from '../../summary/types.ts'
import type { LegendEntry } from './chart-spec.ts'
import type { Styles } from './line-charts.ts'
import { seriesSwatch } from './swatch.ts'

/** Every configuration against every scenario: the headline at its largest parameters, and what it is of the control. */
export interface GlanceView {
  columns: readonly { scenario: string; label: string; phase: string; anchor: string }[]
  rows: readonly GlanceRow[]
}

interface GlanceRow {
  driver: LegendEntry
  emulated: boolean
  cells: readonly GlanceCell[]
}

interface GlanceCell {
  text: string
  /** Against the control; empty for a control. */
  sub: string
  /** `cost-0` (none shown) … `cost-4`. */
  className: string
  /** A cost that falls outside the headline. */
  elsewhere: string
}

/** Factors against the control from which a cost is shaded more deeply. */
const COST_STEPS = [1.25, 2, 5, 20] as const

export function glance(summary: Summary, styles: Styles): GlanceView {
  const panels = summary.panels.filter(({ biggest }) => biggest.some(({ samples }) => samples.completed > 0))
  return {
    columns: panels.map((panel) => ({
      scenario: panel.scenario.title,
      label: panel.biggest[0]?.cell.label ?? '',
      phase: panel.biggest[0]?.headline?.phase.title ?? '',
      anchor: `scenario-${panel.scenario.id}`,
    })),
    rows: summary.run.drivers.map(({ config, emulated }) => {
      const style = styles.get(config)
      if (style === undefined) throw new Error(`no style was assigned to ${config}`)
      return {
        driver: seriesSwatch(config, style),
        emulated,
        cells: panels.map((panel) => cellOf(panel, config)),
      }
    }),
  }
}

function cellOf(panel: Panel, config: string): GlanceCell {
  const cell = panel.biggest.find((one) => one.cell.driver === config)
  const headline = cell?.headline
  if (cell === undefined) return { text: NOTHING, sub: '', className: 'missing', elsewhere: '' }
  if (headline?.value == null) return { text: cell.state, sub: '', className: 'missing', elsewhere: '' }
  const dear = panel.elsewhere.find((one) => one.cell === cell)?.phase
  return {
    text: formatValue(headline.value.median, headline.phase.unit),
    sub: cell.driver.role === 'control' ? 'control' : formatRatio(headline.ratio?.ratio ?? null),
    className: `cost-${costStep(cell)}`,
    elsewhere:
      dear?.value == null ? '' : `+ ${formatValue(dear.value.median, dear.phase.unit)} in ${dear.phase.id}`,
  }
}

/** How far the ratio's interval, at its nearer end, lies on the dear side of 1. */
function costStep({ headline }: CellSummary): number {
  if (headline?.ratio?.low == null || headline.ratio.high === null) return 0
  const least = headline.phase.better === 'lower' ? headline.ratio.low : 1 / headline.ratio.high
  if (least <= 1) return 0
  const cost = headline.phase.better === 'lower' ? headline.ratio.ratio : 1 / headline.ratio.ratio
  return COST_STEPS.filter((step) => cost >= step).length
}
