import { phasesAcross } from '../../../summary/phases.ts'
import type { PhaseInfo } from '../../../summary/figures.ts'
import type { Panel } from '../../../summary/types.ts'
import type { ChartView } from './chart-view.ts'
import { dotChart } from './dot-charts.ts'
import { growthChart, percentileCharts } from './line-charts.ts'
import type { Styles } from './palette.ts'
import { ratioChart } from './ratio-chart.ts'
import { stackChart } from './stack-chart.ts'

/** Returns the charts of a panel, chosen by the kinds of its phases and parameters. */
export function chartsOf(panel: Panel, styles: Styles): ChartView[] {
  const headline =
    panel.axis === null ? ratesAndHeadline(panel).map((phase) => dotChart(panel, phase, styles)) : []
  const charts = [
    growthChart(panel, styles),
    ...headline.slice(0, 1),
    ratioChart(panel, styles),
    ...headline.slice(1),
    stackChart(panel),
    ...percentileCharts(panel, styles),
  ]
  return charts.filter((chart) => chart !== null)
}

/** The headline, and whatever is not a time: rates, counts, bytes. */
function ratesAndHeadline(panel: Panel): PhaseInfo[] {
  const headline = panel.cells.find((cell) => cell.headline !== null)?.headline?.phase
  return phasesAcross(panel).filter((phase) => phase.id === headline?.id || phase.unit !== 's')
}
