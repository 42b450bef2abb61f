import type { Chart as ChartOf, Scale as ChartScale } from 'chart.js'
import type { Scale } from '../view/chart-spec.ts'
import { cssColor } from './theme.ts'

/** Returns an axis of values, whose ticks and labels are those of the data. */
export function valueAxis(scale: Scale & { title: string }) {
  const labels = new Map(scale.ticks.map(({ value, label }) => [value, label]))
  return {
    type: scale.type,
    min: scale.min,
    max: scale.max,
    title: { display: true, text: scale.title, color: cssColor('--muted') },
    grid: { color: cssColor('--grid') },
    border: { color: cssColor('--line') },
    afterBuildTicks(axis: ChartScale) {
      axis.ticks = scale.ticks.map(({ value }) => ({ value }))
    },
    ticks: {
      color: cssColor('--muted'),
      maxRotation: 0,
      autoSkipPadding: 8,
      callback: (value: number | string) => labels.get(Number(value)) ?? '',
    },
  }
}

/** Returns an axis with a row for each label; a label may have several lines. */
export function rowAxis(labels: readonly (readonly string[])[]) {
  return {
    type: 'category' as const,
    labels: labels.map((lines) => [...lines]),
    offset: true,
    grid: { display: false },
    border: { color: cssColor('--line') },
    ticks: {
      color: cssColor('--text'),
      autoSkip: false,
      crossAlign: 'far' as const,
      font: { size: 11, lineHeight: 1.1 },
    },
  }
}

/** Returns the axes of a chart, to find the pixels of values by. */
export function axesOf({ scales: { x, y } }: Pick<ChartOf, 'scales'>): { x: ChartScale; y: ChartScale } {
  if (x === undefined || y === undefined) throw new TypeError('the chart has no axes yet')
  return { x, y }
}
