/** One cell of a table, as the template prints it. */
export interface DataCell {
  text: string
  /** Smaller lines below. */
  subs: readonly string[]
  /** Cautions: smaller lines in the colour of caution. */
  marks: readonly string[]
  /** `text` for words, `marked` for what is unlike the control, `inline` where marks stand beside the figure; else empty. */
  className: string
  /** A small figure of the values over the run; null for none. */
  spark: Spark | null
  /** Width of a bar beside the figure as CSS: `62%`; empty for none. */
  bar: string
}

/** Values in a box of 120 × 24. */
export interface Spark {
  /** Points of an SVG polyline. */
  points: string
  /** Height of the median. */
  median: string
  /** Text alternative for readers who do not see it. */
  alternative: string
}

export function dataCell(text: string, rest: Partial<Omit<DataCell, 'text'>> = {}): DataCell {
  return { text, subs: [], marks: [], className: '', spark: null, bar: '', ...rest }
}
