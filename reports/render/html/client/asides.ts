import type { Chart as ChartOf, Plugin } from 'chart.js'
import type { DotChart } from '../view/chart-spec.ts'
import { axesOf } from './axes.ts'
import { cssColor } from './theme.ts'

/** Pixels between the chart and the words. */
const GAP = 8

const measuring = document.createElement('canvas').getContext('2d')

/** Returns the room to the right of a chart that the words beside its rows take, in pixels. */
export function asideWidth({ dots }: DotChart): number {
  if (measuring === null) return 0
  measuring.font = font()
  const widest = Math.max(0, ...dots.map(({ aside }) => measuring.measureText(aside).width))
  return widest === 0 ? 0 : Math.ceil(widest) + GAP + 2
}

/** Makes a plugin that writes the words beside the rows. */
export function asides({ dots }: DotChart): Plugin<'scatter'> {
  return {
    id: 'asides',
    afterDatasetsDraw(chart: ChartOf<'scatter'>) {
      const { ctx, chartArea } = chart
      ctx.save()
      ctx.font = font()
      ctx.textBaseline = 'middle'
      for (const [row, { aside, unconverged }] of dots.entries()) {
        ctx.fillStyle = cssColor(unconverged ? '--caution' : '--text')
        ctx.fillText(aside, chartArea.right + GAP, axesOf(chart).y.getPixelForValue(row))
      }
      ctx.restore()
    },
  }
}

function font(): string {
  return `12px ${Chart.defaults.font.family}`
}
