import { groupBy } from '../../../summary/group-by.ts'
import { positionOf } from '../../../summary/axis.ts'
import { percentileOf } from '../../../summary/phases.ts'
import type { PhaseSummary } from '../../../summary/figures.ts'
import { axisText } from '../../../format/axis-value.ts'
import type { CellSummary, Panel } from '../../../summary/types.ts'
import type { LineChart, Point, Scale } from './chart-spec.ts'
import type { ChartView } from './chart-view.ts'
import { coverageNote, dotsNote, estimateText, samplesOf } from './labels.ts'
import { type SeriesStyle, type Styles, styleOf } from './palette.ts'
import { extentOf, logScale } from './scale.ts'
import { seriesSwatch } from './swatch.ts'

/** How far apart markers of neighbouring series are drawn, so that none hides another: a share of the step. */
const DODGE = 0.035

interface Series {
  name: string
  style: SeriesStyle
  points: Point[]
}

/** The headline over the panel's axis, on log axes; null where the panel has none. */
export function growthChart(panel: Panel, styles: Styles): ChartView | null {
  const { axis } = panel
  const headline = panel.cells.find((cell) => cell.headline !== null)?.headline?.phase
  if (axis === null || headline === undefined) return null
  const byConfiguration = [...groupBy(panel.cells, ({ cell }) => cell.configuration)]
  const series = byConfiguration.map(([name, cells], nth) => {
    const shift = 1.6 ** (DODGE * (nth - (byConfiguration.length - 1) / 2))
    const points = cells.flatMap((one) =>
      pointOf(one.headline, (positionOf(one.cell, axis)?.value ?? 1) * shift),
    )
    return { name, style: styleOf(styles, name), points }
  })
  const [first, last] = [axis.values[0]?.value ?? 1, axis.values.at(-1)?.value ?? 1]
  const x: LineChart['x'] = {
    title: axis.key,
    type: 'logarithmic',
    min: first / 1.3,
    max: last * 1.3,
    ticks: axis.values.map(({ value, text }) => ({
      value,
      label: axisText(axis.kind, value, text),
    })),
  }
  const title = `${headline.title} over ${axis.key}`
  const ends = describeEnds(panel.biggest)
  const y = { ...logScale(valuesOf(series), headline.unit), title: headline.title }
  const told = {
    alternative: `Both axes logarithmic. ${ends}`,
    dots: dotsNote(
      panel.cells.map((cell) => cell.headline?.dots ?? null),
      'samples',
    ),
  }
  return view(`${panel.id}-growth`, title, told, series, x, y)
}

/** A chart for each family of percentiles that the cells report: latency over percentile, logarithmic. */
export function percentileCharts(panel: Panel, styles: Styles): ChartView[] {
  const phases = new Map(
    panel.biggest.flatMap((cell) => cell.phases.map(({ phase }) => [phase.id, phase] as const)),
  )
  const families = groupBy(
    [...phases.values()].filter(percentileOf),
    (phase) => percentileOf(phase)?.family ?? '',
  )
  return [...families].flatMap(([family, members]) => {
    const [first] = members
    if (first === undefined || members.length < 2) return []
    const ids = members.map(({ id }) => id)
    const measured = panel.biggest.filter(({ phases: own }) => own.some(({ value }) => value !== null))
    const series = measured.map((cell, nth) => {
      const shift = DODGE * (nth - (measured.length - 1) / 2)
      const points = cell.phases.flatMap((one) =>
        ids.includes(one.phase.id) ? pointOf(one, ids.indexOf(one.phase.id) + shift) : [],
      )
      return { name: cell.cell.configuration, style: styleOf(styles, cell.cell.configuration), points }
    })
    const ticks = members.map((phase, index) => ({
      value: index,
      label: `p${percentileOf(phase)?.percentile ?? ''}`,
    }))
    const title = first.title.replace(/[\s,]*p?\d+(\.\d+)?\s*$/, '')
    const x = { title: 'percentile', type: 'linear' as const, min: -0.4, max: members.length - 0.6, ticks }
    const y = { ...logScale(valuesOf(series), first.unit), title }
    const told = { alternative: 'Vertical axis logarithmic.', dots: '' }
    return [view(`${panel.id}-${family}`, `${title} by percentile`, told, series, x, y)]
  })
}

function view(
  id: string,
  title: string,
  told: { alternative: string; dots: string },
  series: readonly Series[],
  x: LineChart['x'],
  y: Scale & { title: string },
): ChartView {
  const drawn = series.filter(({ points }) => points.length > 0)
  return {
    id,
    title,
    alternative: `Line chart: ${title}, ${drawn.length} configurations. ${told.alternative} The table below holds every value.`,
    note: `Points are medians, bars their intervals${coverageNote(drawn.flatMap(({ points }) => points))}.${told.dots} Log axis.`,
    rows: 0,
    legend: drawn.map(({ name, style }) => seriesSwatch(name, style)),
    spec: { kind: 'line', id, x, y, series: drawn },
  }
}

function pointOf(summary: PhaseSummary | null, x: number): Point[] {
  if (summary?.value == null) return []
  const { median, low, high, coverage } = summary.value
  const text = estimateText(summary.value, summary.phase.unit)
  return [{ x, y: median, low, high, coverage, samples: samplesOf(summary.dots), text }]
}

function valuesOf(series: readonly Series[]): number[] {
  return series.flatMap(({ points }) => points.flatMap((point) => extentOf(point.y, point)))
}

function describeEnds(cells: readonly CellSummary[]): string {
  const measured = cells.filter(({ headline }) => headline?.value != null)
  const told = measured.map(({ cell, headline }) => {
    const text = headline?.value == null ? '' : estimateText(headline.value, headline.phase.unit)
    return `${cell.configuration} ${text}`
  })
  const label = measured[0]?.cell.label
  return label === undefined ? '' : `At ${label}: ${told.join(', ')}.`
}
