import { formatHalfWidth, formatRatio, formatValue, NOTHING } from '../../format.ts'
import type { CellSummary, Panel, Ratio, Summary } from '../../summary/types.ts'
import type { LegendEntry } from './chart-spec.ts'
import { type Styles, styleOf } from './palette.ts'
import { seriesSwatch } from './swatch.ts'
import { tagsOf } from './table.ts'

/** Every configuration against every scenario: the headline at its largest parameters, and what it is of the control. */
export interface GlanceView {
  columns: readonly { scenario: string; label: string; phase: string; anchor: string }[]
  rows: readonly GlanceRow[]
}

interface GlanceRow {
  driver: LegendEntry
  tags: readonly string[]
  cells: readonly GlanceCell[]
}

interface GlanceCell {
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
    rows: summary.run.drivers.map((driver) => ({
      driver: seriesSwatch(driver.config, styleOf(styles, driver.config)),
      tags: tagsOf({ driver, injected: summary.run.options.injected[driver.config] ?? null }),
      cells: panels.map((panel) => cellOf(panel, driver.config)),
    })),
  }
}

function cellOf(panel: Panel, config: string): GlanceCell {
  const cell = panel.biggest.find((one) => one.cell.driver === config)
  const headline = cell?.headline
  if (cell === undefined) return { ...EMPTY, text: NOTHING }
  if (headline?.value == null) return { ...EMPTY, text: cell.state }
  const dear = panel.elsewhere.find((one) => one.cell === cell)?.phase
  return {
    text: formatValue(headline.value.median, headline.phase.unit),
    sub: cell.driver.role === 'control' ? 'control' : ratioText(cell.ratio),
    mark:
      cell.ratio === null || cell.ratio.converged || cell.ratio.halfWidth === null
        ? ''
        : formatHalfWidth(cell.ratio.halfWidth),
    className: `cost-${costStep(cell)}`,
    elsewhere:
      dear?.value == null ? '' : `+ ${formatValue(dear.value.median, dear.phase.unit)} in ${dear.phase.id}`,
  }
}

const SIGNS: Readonly<Record<Ratio['verdict'], string>> = {
  different: '',
  'not shown': ' ~',
  'too few rounds': ' ?',
}

function ratioText(ratio: Ratio | null): string {
  return ratio === null ? NOTHING : `${formatRatio(ratio.ratio)}${SIGNS[ratio.verdict]}`
}

/** How much dearer than the control it has been shown to be. */
function costStep({ headline, ratio }: CellSummary): number {
  if (ratio?.verdict !== 'different') return 0
  const cost = headline?.phase.better === 'higher' ? 1 / ratio.ratio : ratio.ratio
  return COST_STEPS.filter((step) => cost >= step).length
}
