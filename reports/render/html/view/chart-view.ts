import type { ChartSpec } from './chart-spec.ts'

/** A chart as the template sees it. */
export interface ChartView {
  id: string
  title: string
  /** Text alternative for readers who do not see it. */
  alternative: string
  note: string
  /** Rows of a chart with a row for each configuration; 0 for one with axes both ways. */
  rows: number
  legend: readonly LegendEntry[]
  spec: ChartSpec
}

export interface LegendEntry {
  name: string
  /** The name in pieces, between which a line may be broken. */
  pieces: readonly string[]
  /** CSS class of the swatch's colour. */
  className: string
  /** SVG path of the swatch in a box of 24 × 12; empty for a filled square. */
  path: string
  dash: string
  hollow: boolean
}
