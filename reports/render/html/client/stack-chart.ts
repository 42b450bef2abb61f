import type { Chart as ChartOf, ChartConfiguration } from 'chart.js'
import type { StackChart } from '../view/chart-spec.ts'
import { axesOf, rowAxis, valueAxis } from './axes.ts'
import { baseOptions } from './chart-js.ts'
import { intervals, type Mark } from './intervals.ts'
import { cssColor, ink } from './theme.ts'

/** Configures a bar for each driver configuration, of its phases on end, with the interval of the whole. */
export function stackChart({
  value,
  bars,
  parts,
}: StackChart): ChartConfiguration<'bar', number[], readonly string[]> {
  const labels = bars.map(({ label }) => label)
  return {
    type: 'bar',
    plugins: [intervals('afterDatasetsDraw', (chart) => bars.flatMap((bar, row) => markOf(chart, bar, row)))],
    data: {
      labels,
      datasets: parts.map((part) => ({
        label: part.name,
        data: [...part.values],
        backgroundColor: ink(part),
        borderColor: cssColor('--paper'),
        borderWidth: { right: 1 },
        borderSkipped: false,
        barPercentage: 0.72,
        categoryPercentage: 1,
      })),
    },
    options: {
      ...baseOptions<'bar'>({
        title: ([item]) => (item === undefined ? '' : (labels[item.dataIndex] ?? []).join(' ')),
        label: ({ dataset, datasetIndex, dataIndex }) =>
          `${dataset.label}: ${parts[datasetIndex]?.texts[dataIndex]}`,
      }),
      indexAxis: 'y',
      scales: { x: { ...valueAxis(value), stacked: true }, y: { ...rowAxis(labels), stacked: true } },
    },
  }
}

function markOf(chart: ChartOf<'bar'>, bar: StackChart['bars'][number], row: number): Mark[] {
  const { low, high, total } = bar
  if (low === null || high === null) return []
  const { x, y } = axesOf(chart)
  return [
    {
      along: 'x',
      at: y.getPixelForValue(row),
      low: x.getPixelForValue(low),
      high: x.getPixelForValue(high),
      tick: x.getPixelForValue(total),
      color: cssColor('--text'),
    },
  ]
}
