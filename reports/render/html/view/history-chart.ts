/** The time line of one cell as a drawing: no script, so that a page of a hundred cells opens at once. */
import type { History, HistoryChange, HistorySeries } from '../../../../harness/contracts/history.ts'
import { median } from '../../../../harness/statistics/quantile.ts'
import { formatRatio, formatValue } from '../../../format/format.ts'
import { cellOf, changeTitle, dayText } from '../../../history/sentences.ts'

const WIDTH = 900
const HEIGHT = 90
/** Room for a mark above the line. */
const TOP = 14
const BOTTOM = 4
/** Points of a line; where there are more runs, each is the median of several. */
const MOST_POINTS = 450
/** Scatter of less than this factor either way is drawn small: it is no news. */
const LEAST_SPREAD = Math.log(1.1)

export interface TimelineView {
  title: string
  /** Texts of the greatest and the least value. */
  top: string
  bottom: string
  bands: readonly { x: string; width: string; isOdd: boolean }[]
  lines: readonly string[]
  marks: readonly { x: string; className: string; path: string; title: string }[]
  alternative: string
}

type Measure = HistoryChange['measure']

/** Returns the drawing of one measure of a cell on a host; null where fewer than two runs have it. */
export function timelineOf(
  history: History,
  host: string,
  cell: string,
  measure: Measure,
): TimelineView | null {
  const series = history.series.filter((one) => one.host === host && one.cell === cell)
  const lines = series.map((one) => pointsOf(history, one, measure))
  const values = lines.flatMap((line) => line.map(({ value }) => value))
  if (values.length < 2) return null
  const { unit, title } = cellOf({ cell }, history)
  const x = timeScale(history, host)
  const { y, least, greatest } = valueScale(values)
  const changes = history.changes.filter(
    (one) => one.host === host && one.cell === cell && one.measure === measure,
  )
  const textOf = (value: number) => (measure === 'ratio' ? formatRatio(value) : formatValue(value, unit))
  return {
    title: measure === 'ratio' ? 'Ratio to the control' : title,
    top: textOf(greatest),
    bottom: textOf(least),
    bands: bandsOf(history, host, x),
    lines: lines.filter((line) => line.length > 0).map((line) => pathOf(line, x, y)),
    marks: changes.map((change) => markOf(change, history, x)),
    alternative: `${values.length} values from ${textOf(least)} to ${textOf(greatest)}, ${changes.length} changes`,
  }
}

interface Point {
  at: number
  value: number
}

function pointsOf({ runs }: History, { points }: HistorySeries, measure: Measure): Point[] {
  const known = points.flatMap(([run, raw, ratio]) => {
    const value = measure === 'raw' ? raw : ratio
    return value === null || value <= 0 ? [] : [{ at: Date.parse(runs[run]?.at ?? ''), value }]
  })
  const each = Math.ceil(known.length / MOST_POINTS)
  return Array.from({ length: Math.ceil(known.length / each) }, (_, nth) => {
    const some = known.slice(nth * each, (nth + 1) * each)
    const at = median(some.map((point) => point.at)) ?? 0
    return { at, value: median(some.map(({ value }) => value)) ?? 0 }
  })
}

type Scale = (value: number) => string

function timeScale({ epochs }: History, host: string): (at: number) => number {
  const own = epochs.filter((epoch) => epoch.host === host)
  const from = Math.min(...own.map((epoch) => Date.parse(epoch.from)))
  const to = Math.max(...own.map((epoch) => Date.parse(epoch.to)))
  return (at) => ((at - from) / (to - from || 1)) * WIDTH
}

/** A factor is as high anywhere on the axis. */
function valueScale(values: readonly number[]): { y: Scale; least: number; greatest: number } {
  const [least, greatest] = values.reduce(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Infinity, -Infinity],
  )
  const middle = (Math.log(least) + Math.log(greatest)) / 2
  const half = Math.max((Math.log(greatest) - Math.log(least)) / 2, LEAST_SPREAD)
  const inner = HEIGHT - TOP - BOTTOM
  const y = (value: number) =>
    (TOP + inner / 2 - ((Math.log(value) - middle) / half) * (inner / 2)).toFixed(1)
  return { y, least, greatest }
}

function bandsOf({ epochs }: History, host: string, x: (at: number) => number): TimelineView['bands'] {
  const own = epochs.filter((epoch) => epoch.host === host)
  return own.map(({ from, to }, index) => {
    const [left, right] = [x(Date.parse(from)), x(Date.parse(to))]
    return { x: left.toFixed(1), width: Math.max(1, right - left).toFixed(1), isOdd: index % 2 === 1 }
  })
}

function pathOf(points: readonly Point[], x: (at: number) => number, y: Scale): string {
  return points.map(({ at, value }) => `${x(at).toFixed(1)},${y(value)}`).join(' ')
}

/** A triangle that points up for worse and down for better, above the line, with a stroke down to it. */
function markOf(
  change: HistoryChange,
  history: History,
  x: (at: number) => number,
): TimelineView['marks'][number] {
  const at = Math.min(Math.max(x(Date.parse(change.at)), 5), WIDTH - 5)
  const [tip, base] = change.direction === 'worse' ? [1, 10] : [10, 1]
  return {
    x: at.toFixed(1),
    className: `mark-${markClass(change)}`,
    path: `M${at.toFixed(1)} ${tip}l5 ${base - tip}h-10z`,
    title: `${changeTitle(change, history)} (${dayText(change.at)})`,
  }
}

export function markClass({ standing, accepted, kind, direction }: HistoryChange): string {
  if (accepted !== null) return 'accepted'
  if (standing) return 'open'
  return kind === 'driver' ? direction : 'aside'
}
