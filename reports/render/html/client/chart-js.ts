/** Chart.js, of which the page has the build that defines a global; a page without charts has none. */
import type { Chart as ChartClass, TooltipCallbacks } from 'chart.js'

declare global {
  const Chart: typeof ChartClass
}

/** Kinds of chart that Chart.js knows and the page draws. */
export type Kind = 'line' | 'scatter' | 'bar'

/** Returns what all charts have in common. `callbacks`: the texts of their tooltips. */
export function baseOptions<K extends Kind>(callbacks: Partial<TooltipCallbacks<K>>) {
  return {
    animation: false as const,
    maintainAspectRatio: false,
    plugins: { legend: { display: false }, tooltip: { callbacks } },
  }
}
