import type { Chart as ChartOf, ChartConfiguration } from 'chart.js'
import type { LineChart, Point, Style } from '../view/chart-spec.ts'
import { axesOf, valueAxis } from './axes.ts'
import { baseOptions } from './chart-js.ts'
import { intervals, type Mark } from './intervals.ts'
import { marker } from './marker.ts'
import { type Cloud, samples, toPixels } from './samples.ts'
import { ink } from './theme.ts'

/** Half the width of a cloud of samples, in pixels. */
const SPREAD = 4

/** Configures a line for each driver configuration, with the interval and the samples of each point. */
export function lineChart(spec: LineChart): ChartConfiguration<'line', Point[]> {
  const visible = (chart: ChartOf<'line'>) => spec.series.filter((_, index) => chart.isDatasetVisible(index))
  const marksOf = (chart: ChartOf<'line'>) =>
    visible(chart).flatMap(({ style, points }) => points.flatMap((point) => markOf(chart, style, point)))
  const cloudsOf = (chart: ChartOf<'line'>) =>
    visible(chart).flatMap(({ style, points }) => points.map((point) => cloudOf(chart, style, point)))
  return {
    type: 'line',
    plugins: [samples(cloudsOf), intervals('beforeDatasetsDraw', marksOf)],
    data: {
      datasets: spec.series.map(({ name, style, points }) => ({
        label: name,
        data: [...points],
        parsing: false,
        borderWidth: 1.75,
        borderDash: [...style.dash],
        ...marker(style),
      })),
    },
    options: {
      ...baseOptions<'line'>({
        title: () => '',
        label: ({ dataset, raw }) => `${dataset.label}: ${(raw as Point).text}`,
      }),
      scales: { x: { ...valueAxis(spec.x), grid: { display: false } }, y: valueAxis(spec.y) },
    },
  }
}

function markOf(chart: ChartOf<'line'>, style: Style, { x, low, high }: Point): Mark[] {
  if (low === null || high === null) return []
  const axes = axesOf(chart)
  return [
    {
      along: 'y',
      at: axes.x.getPixelForValue(x),
      low: axes.y.getPixelForValue(low),
      high: axes.y.getPixelForValue(high),
      color: ink(style),
    },
  ]
}

function cloudOf(chart: ChartOf<'line'>, style: Style, point: Point): Cloud {
  const { x, y } = axesOf(chart)
  return {
    along: 'y',
    at: x.getPixelForValue(point.x),
    spread: SPREAD,
    ...toPixels(point.samples, (value) => y.getPixelForValue(value)),
    color: ink(style),
  }
}
