import type { Chart as ChartOf, ChartConfiguration } from 'chart.js'
import type { ChartSpec } from '../view/chart-spec.ts'
import { dotChart } from './dot-chart.ts'
import { lineChart } from './line-chart.ts'
import { dataOf, elementOf } from './page.ts'
import { stackChart } from './stack-chart.ts'

const specs = JSON.parse(dataOf('charts-data')) as readonly ChartSpec[]
const charts = new Map<string, ChartOf>()

/** Draws every chart, or draws it again in the colours of the theme. */
export function drawCharts(): void {
  // A page without charts has no Chart.js.
  if (specs.length === 0) return
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily
  Chart.defaults.font.size = 12
  for (const spec of specs) {
    charts.get(spec.id)?.destroy()
    charts.set(spec.id, new Chart(elementOf(spec.id, HTMLCanvasElement), configOf(spec)))
  }
}

/** Returns the chart of that id. Throws where none was drawn. */
export function chartOf(id: string): ChartOf {
  const chart = charts.get(id)
  if (chart === undefined) throw new TypeError(`no chart ${id} was drawn`)
  return chart
}

function configOf(spec: ChartSpec): ChartConfiguration {
  switch (spec.kind) {
    case 'line':
      return lineChart(spec)
    case 'dots':
      return dotChart(spec)
    case 'stack':
      return stackChart(spec)
  }
}
