/** Specification of a chart: every number comes with its text, so the page's script formats nothing. */

/** How a driver configuration is drawn. */
export interface Style {
  light: string
  dark: string
  point: 'circle' | 'rect' | 'triangle' | 'rectRot' | 'star'
  dash: readonly number[]
  /** Controls are hollow. */
  hollow: boolean
}

export interface Tick {
  value: number
  label: string
}

export interface Scale {
  type: 'linear' | 'logarithmic'
  min: number
  max: number
  ticks: readonly Tick[]
}

/** Measured values that are drawn small behind a median. */
export interface Samples {
  values: readonly number[]
  /** Drawn as rings. */
  outliers: readonly number[]
}

export interface Point {
  x: number
  y: number
  low: number | null
  high: number | null
  /** Coverage of the interval, 0…1. */
  coverage: number | null
  samples: Samples
  /** For the tooltip: `251 ms (246 – 260 ms)`. */
  text: string
}

/** Values over an axis: a line for each driver configuration, its interval at each point. */
export interface LineChart {
  kind: 'line'
  id: string
  x: Scale & { title: string }
  y: Scale & { title: string }
  series: readonly { name: string; style: Style; points: readonly Point[] }[]
}

/** One value for each driver configuration: a dot, its interval a line through it. */
export interface DotChart {
  kind: 'dots'
  id: string
  value: Scale & { title: string }
  /** Position of the reference line: a ratio of 1. */
  reference: number | null
  dots: readonly {
    label: readonly string[]
    style: Style
    value: number
    low: number | null
    high: number | null
    samples: Samples
    /** The interval is not as narrow as it was to be: it is drawn dashed. */
    unconverged: boolean
    /** Beside the row; empty for none. */
    aside: string
    text: string
  }[]
}

/** Phases on end: a bar for each driver configuration, the interval of the whole at its end. */
export interface StackChart {
  kind: 'stack'
  id: string
  value: Scale & { title: string }
  bars: readonly { label: readonly string[]; low: number | null; high: number | null; total: number }[]
  parts: readonly {
    name: string
    light: string
    dark: string
    values: readonly number[]
    texts: readonly string[]
  }[]
}

export type ChartSpec = LineChart | DotChart | StackChart
