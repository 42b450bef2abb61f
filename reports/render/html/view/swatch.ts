import type { LegendEntry } from './chart-view.ts'
import type { SeriesStyle } from './palette.ts'

/** Markers as SVG paths in a box of 28 × 12, the shapes that the charts draw. */
const MARKERS: Readonly<Record<SeriesStyle['point'], string>> = {
  circle: 'M14 2.4a3.6 3.6 0 1 0 .01 0z',
  rect: 'M10.6 2.6h6.8v6.8h-6.8z',
  triangle: 'M14 1.6l4.2 7.8h-8.4z',
  rectRot: 'M14 1.2l4.8 4.8-4.8 4.8-4.8-4.8z',
  star: 'M14 1.8v8.4M9.8 6h8.4M11 3l6 6M17 3l-6 6',
}

/** The legend's picture of a driver configuration: its line with its marker. */
export function seriesSwatch(name: string, style: SeriesStyle): LegendEntry {
  return {
    name,
    pieces: name.split(/(?=[@+#])/),
    className: `series-${style.index}`,
    path: MARKERS[style.point],
    dash: style.dash.join(' '),
    hollow: style.hollow || style.point === 'star',
  }
}

/** The legend's picture of a phase: a square. */
export function phaseSwatch(name: string, className: string): LegendEntry {
  return { name, pieces: [name], className, path: '', dash: '', hollow: false }
}
