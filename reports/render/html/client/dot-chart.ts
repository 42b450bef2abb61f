import type { Chart as ChartOf, ChartConfiguration, Plugin } from 'chart.js'
import type { DotChart } from '../view/chart-spec.ts'
import { asides, asideWidth } from './asides.ts'
import { axesOf, rowAxis, valueAxis } from './axes.ts'
import { baseOptions } from './chart-js.ts'
import { intervals, type Mark } from './intervals.ts'
import { marker } from './marker.ts'
import { type Cloud, samples, toPixels } from './samples.ts'
import { cssColor, ink } from './theme.ts'

/** Half the height of a cloud of samples, in pixels. */
const SPREAD = 8

/** Configures a row for each driver configuration: a dot, its interval, its samples, and words beside it. */
export function dotChart(spec: DotChart): ChartConfiguration<'scatter'> {
  const { dots } = spec
  const markers = dots.map(({ style }) => marker(style))
  return {
    type: 'scatter',
    plugins: [
      reference(spec),
      samples((chart) => dots.map((dot, row) => cloudOf(chart, dot, row))),
      intervals('beforeDatasetsDraw', (chart) => dots.flatMap((dot, row) => markOf(chart, dot, row))),
      asides(spec),
    ],
    data: {
      datasets: [
        {
          data: dots.map(({ value }, row) => ({ x: value, y: row })),
          parsing: false,
          pointStyle: markers.map(({ pointStyle }) => pointStyle),
          pointRadius: 5,
          pointHoverRadius: 6.5,
          pointBorderWidth: 1.5,
          pointBorderColor: markers.map(({ pointBorderColor }) => pointBorderColor),
          pointBackgroundColor: markers.map(({ pointBackgroundColor }) => pointBackgroundColor),
        },
      ],
    },
    options: {
      ...baseOptions<'scatter'>({ title: () => '', label: ({ dataIndex }) => tooltipOf(dots[dataIndex]) }),
      layout: { padding: { right: asideWidth(spec) } },
      scales: { x: valueAxis(spec.value), y: rowAxis(dots.map(({ label }) => label)) },
    },
  }
}

type Dot = DotChart['dots'][number]

function tooltipOf(dot: Dot | undefined): string {
  return dot === undefined ? '' : `${dot.label.join(' ')}: ${dot.text}`
}

function markOf(chart: ChartOf<'scatter'>, { low, high, unconverged, style }: Dot, row: number): Mark[] {
  if (low === null || high === null) return []
  const { x, y } = axesOf(chart)
  return [
    {
      along: 'x',
      at: y.getPixelForValue(row),
      low: x.getPixelForValue(low),
      high: x.getPixelForValue(high),
      dash: unconverged ? [3, 2] : [],
      color: ink(style),
    },
  ]
}

function cloudOf(chart: ChartOf<'scatter'>, dot: Dot, row: number): Cloud {
  const { x, y } = axesOf(chart)
  return {
    along: 'x',
    at: y.getPixelForValue(row),
    spread: SPREAD,
    ...toPixels(dot.samples, (value) => x.getPixelForValue(value)),
    color: ink(dot.style),
  }
}

/** Makes a plugin that draws the line that values are compared with. */
function reference({ reference: value }: DotChart): Plugin<'scatter'> {
  return {
    id: 'reference',
    beforeDatasetsDraw(chart) {
      if (value === null) return
      const { ctx, chartArea } = chart
      const x = axesOf(chart).x.getPixelForValue(value)
      ctx.save()
      ctx.strokeStyle = cssColor('--muted')
      ctx.beginPath()
      ctx.moveTo(x, chartArea.top)
      ctx.lineTo(x, chartArea.bottom)
      ctx.stroke()
      ctx.restore()
    },
  }
}
