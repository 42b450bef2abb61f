import type { Chart as ChartOf, Plugin } from 'chart.js'
import type { Kind } from './chart-js.ts'

/** An interval in pixels. */
export interface Mark {
  /** Axis that `low` and `high` lie on. */
  along: 'x' | 'y'
  /** Place on the other axis. */
  at: number
  low: number
  high: number
  /** The value itself, where nothing else shows it. */
  tick?: number
  /** Dashes of an interval that is not as narrow as it was to be. */
  dash?: readonly number[]
  color: string
}

/** Makes a plugin that draws what each median is worth: a line from the low to the high end of its interval, with caps. */
export function intervals<K extends Kind>(
  /** Below the markers, or above the bars. */
  hook: 'beforeDatasetsDraw' | 'afterDatasetsDraw',
  marksOf: (chart: ChartOf<K>) => readonly Mark[],
): Plugin<K> {
  const draw = (chart: ChartOf<K>) => {
    for (const mark of marksOf(chart)) drawInterval(chart, mark)
  }
  return { id: 'intervals', [hook]: draw }
}

function drawInterval(
  { ctx, chartArea }: Pick<ChartOf, 'ctx' | 'chartArea'>,
  { along, at, low, high, tick, dash, color }: Mark,
): void {
  const [first, last] = along === 'x' ? [chartArea.left, chartArea.right] : [chartArea.top, chartArea.bottom]
  const within = (pixel: number) => Math.min(Math.max(pixel, first), last)
  const [from, to] = [within(low), within(high)]
  const line = (start: number, end: number, aside: number) => {
    ctx.moveTo(...(along === 'x' ? ([start, at - aside] as const) : ([at - aside, start] as const)))
    ctx.lineTo(...(along === 'x' ? ([end, at + aside] as const) : ([at + aside, end] as const)))
  }
  ctx.save()
  ctx.strokeStyle = color
  ctx.lineWidth = 1.5
  ctx.setLineDash([...(dash ?? [])])
  ctx.beginPath()
  line(from, to, 0)
  ctx.stroke()
  ctx.setLineDash([])
  ctx.beginPath()
  line(from, from, 3.5)
  line(to, to, 3.5)
  if (tick !== undefined) line(tick, tick, 7)
  ctx.stroke()
  ctx.restore()
}
