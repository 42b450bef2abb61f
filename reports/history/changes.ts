/** What changed over time, and whether it is the driver, its control or the host. */
import type { HistoryChange, HistoryRun } from '../../harness/contracts/history.ts'
import { type ChangePoint, changePoints } from '../../harness/statistics/change-points.ts'
import { clipOutliers } from '../../harness/statistics/clip-outliers.ts'
import { median } from '../../harness/statistics/quantile.ts'
import { type CellEpoch, type Epoch, hostDifferences, type HostLine, type TimePoint } from './timelines.ts'

/**
 * Stricter than Hunter's p of 0.001: a history of 24 cells has hundreds of windows, and an alarm that is false once is not believed
 * twice. Five runs on each side: docs/design/004-statistics.md has what that finds.
 */
const ALPHA = 1e-4
const STEADY = 5

/** Runs that two change points of the same change may lie apart: each is known to a run or two. */
const NEAR = 2 * STEADY

type Measure = HistoryChange['measure']

/** A change of one measure, by the numbers of the points around it. */
interface Found {
  measure: Measure
  point: ChangePoint
  /** Points from the change before to the change after it. */
  from: number
  to: number
  /** Start of the first run after it. */
  at: number
}

/** A cell of an epoch with the changes of its headline and of its ratio. */
export interface Searched {
  own: CellEpoch
  raw: readonly Found[]
  ratios: readonly Found[]
}

/** Searches the time line of one cell in one epoch. `threshold`: 0.05 leaves out what is smaller than 5 %. */
export function searchCell(own: CellEpoch, threshold: number): Searched {
  const { points } = own
  return { own, raw: search(points, 'raw', threshold), ratios: search(points, 'ratio', threshold) }
}

/** Returns the changes of one cell, and whose they are. `all`: every cell of the epoch. */
export function changesOf(
  line: HostLine,
  epoch: Epoch,
  searched: Searched,
  all: readonly Searched[],
): HistoryChange[] {
  const { own, raw, ratios } = searched
  const near = nearIn(epoch)
  const alone = raw.filter((one) => !ratios.some((ratio) => near(one, ratio)))
  // Without a ratio, nothing tells the driver from the host; a control is the host.
  const kindOfAlone = hasRatio(own) || own.cell.control === null ? 'host' : 'driver'
  return [
    ...ratios.map((found) =>
      changeOf(line, epoch, own, found, isOfControl(found, searched, all, near) ? 'control' : 'driver'),
    ),
    ...alone.map((found) => changeOf(line, epoch, own, found, kindOfAlone)),
  ]
}

function hasRatio({ points }: CellEpoch): boolean {
  return points.filter(({ ratio }) => ratio !== null).length >= 2 * STEADY
}

/** Searches the logarithms, since a cost changes by a factor. Points without the measure are passed over. */
function search(points: readonly TimePoint[], measure: Measure, threshold: number): Found[] {
  const known = [...points.keys()].filter((index) => valueOf(points[index], measure) !== null)
  if (known.length < 2 * STEADY) return []
  const values = logarithms(known.map((index) => valueOf(points[index], measure) ?? 0))
  const found = changePoints(clipOutliers(values), {
    alpha: ALPHA,
    steady: STEADY,
    least: Math.log1p(threshold),
  })
  const indexes = [0, ...found.map(({ index }) => known[index] as number), points.length]
  return found.map((point, nth) => ({
    measure,
    point: { ...point, index: known[point.index] as number },
    from: indexes[nth] as number,
    to: indexes[nth + 2] as number,
    at: Date.parse((points[known[point.index] as number] as TimePoint).run.startedAt),
  }))
}

function valueOf(point: TimePoint | undefined, measure: Measure): number | null {
  return point === undefined ? null : measure === 'raw' ? point.median : point.ratio
}

/** Returns the logarithms; a value of 0, a rate that has stopped, lies three decimal orders below the least other. */
function logarithms(values: readonly number[]): number[] {
  const least = values.reduce((low, value) => (value > 0 && value < low ? value : low), Infinity)
  const floor = Number.isFinite(least) ? least / 1000 : 1
  return values.map((value) => Math.log(Math.max(value, floor)))
}

type Near = (one: Found, other: Found) => boolean

/** Returns what tells whether two changes lie within a few runs of each other. */
function nearIn({ runs }: Epoch): Near {
  const numbers = new Map(runs.map(({ startedAt }, number) => [Date.parse(startedAt), number]))
  const numberOf = ({ at }: Found) => numbers.get(at) ?? Number.NaN
  return (one, other) => Math.abs(numberOf(one) - numberOf(other)) <= NEAR
}

/**
 * Tells whether a ratio changed since its control did: then the ratios of most other cells with this control changed there as well,
 * in the same direction. Of a control with one cell, the times say it: those of the control changed the other way, and those of the
 * cell by less than half of what the ratio did.
 */
function isOfControl(found: Found, { own }: Searched, all: readonly Searched[], near: Near): boolean {
  const direction = directionOf(found)
  const alike = (one: Found) => near(one, found) && directionOf(one) === direction
  const others = all.filter((one) => one.own !== own && one.own.cell.control === own.cell.control)
  if (others.length > 0) return 2 * others.filter(({ ratios }) => ratios.some(alike)).length > others.length
  const control = all.find((one) => one.own.cell.id === own.cell.control)
  const opposite = control?.raw.some((one) => near(one, found) && directionOf(one) === -direction) ?? false
  const { before, after } = sidesOf(own.points, found)
  const moved = Math.log(after.median / before.median) * direction
  return opposite && moved < Math.abs(found.point.after - found.point.before) / 2
}

function directionOf({ point }: Found): number {
  return Math.sign(point.after - point.before)
}

function changeOf(
  line: HostLine,
  epoch: Epoch,
  own: CellEpoch,
  found: Found,
  kind: 'driver' | 'host' | 'control',
): HistoryChange {
  const { points, cell } = own
  const { run } = points[found.point.index] as TimePoint
  const previous = line.runs[line.runs.indexOf(run) - 1] ?? run
  const { before, after } = sidesOf(points, found)
  const factor = costFactor(found.point.after - found.point.before, cell.better)
  const accepted = points.slice(found.point.index, found.to).find((point) => point.run.accepted !== null)
    ?.run.accepted
  const isWorse = factor > 1
  const isAlarm = isWorse && kind === 'driver'
  return {
    host: line.host,
    epoch: line.epochs.indexOf(epoch),
    cell: cell.id,
    kind,
    direction: isWorse ? 'worse' : 'better',
    factor,
    p: found.point.p,
    measure: found.measure,
    ...placeOf(run, previous),
    before,
    after,
    differences: hostDifferences(previous.host, run.host),
    accepted: isAlarm ? (accepted ?? null) : null,
    standing: isAlarm && epoch.isNewest && !accepted && !isGone(points, found, cell.better),
  }
}

function placeOf(run: HistoryRun, previous: HistoryRun) {
  return { run: run.id, folder: run.folder, at: run.startedAt, previous: previous.id }
}

function costFactor(logRatio: number, better: 'lower' | 'higher'): number {
  return Math.exp(better === 'lower' ? logRatio : -logRatio)
}

/** Tells whether the last runs are as good as those before the change: at least half of it has gone again. */
function isGone(
  points: readonly TimePoint[],
  { measure, point, from }: Found,
  better: 'lower' | 'higher',
): boolean {
  const valuesOf = (some: readonly TimePoint[]) => some.flatMap((one) => valueOf(one, measure) ?? [])
  const before = median(valuesOf(points.slice(from, point.index)))
  const last = median(valuesOf(points.slice(-STEADY)))
  if (before === null || last === null || before <= 0 || last <= 0) return false
  const worse = Math.log(costFactor(point.after - point.before, better))
  return Math.log(costFactor(Math.log(last / before), better)) < worse / 2
}

function sidesOf(points: readonly TimePoint[], { point, from, to }: Found) {
  return { before: sideOf(points.slice(from, point.index)), after: sideOf(points.slice(point.index, to)) }
}

export function sideOf(points: readonly TimePoint[]): HistoryChange['before'] {
  const ratios = points.flatMap(({ ratio }) => ratio ?? [])
  return {
    runs: points.length,
    median: median(points.map((point) => point.median)) ?? 0,
    ratio: median(ratios),
  }
}
