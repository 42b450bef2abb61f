import { phasesAcross } from '../../summary/phases.ts'
import type { Panel, PhaseInfo } from '../../summary/types.ts'
import type { ChartView } from './chart-spec.ts'
import { growthChart, percentileCharts, type Styles } from './line-charts.ts'
import { dotChart, stackChart } from './row-charts.ts'

/** What can be drawn of a panel, chosen by the kinds of its phases and parameters. */
export function chartsOf(panel: Panel, styles: Styles): ChartView[] {
  const headline =
    panel.axis === null ? ratesAndHeadline(panel).map((phase) => dotChart(panel, phase, styles)) : []
  const charts = [
    growthChart(panel, styles),
    ...headline,
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
