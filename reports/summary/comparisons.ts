import type { Sample } from '../../harness/contracts/run.ts'
import { logLogSlope } from '../../harness/statistics/log-log-slope.ts'
import { type ByRound, pairedRatio } from '../../harness/statistics/paired-ratio.ts'
import { valuesByRound } from './cell.ts'
import { groupBy } from '../group-by.ts'
import { findElsewhere } from './elsewhere.ts'
import { positionOf } from './axis.ts'
import type { Group } from './panels.ts'
import type { AxisValue, CellSummary, Extremes, Panel } from './types.ts'

/** Below this size fixed costs (opening, syncing) hide how the cost grows. Bytes. */
const SLOPE_FROM = 16 * 1024 ** 2

type SamplesOf = (cellId: string) => readonly Sample[]

/** Adds to a group of cells what comparing them with each other says. */
export function compareCells(group: Group, id: string, samplesOf: SamplesOf): Panel {
  const top = group.axis?.values.at(-1)
  const biggest =
    group.axis === null ? group.cells : group.cells.filter(({ cell }) => positionOf(cell, group.axis) === top)
  const elsewhere = findElsewhere(biggest)
  const comparable = biggest.filter((cell) => !elsewhere.some((other) => other.cell === cell))
  return {
    ...group,
    id,
    biggest,
    elsewhere,
    extremes: findExtremes(comparable, samplesOf),
    slopes: findSlopes(group),
  }
}

/** Best and worst headline among the configurations that are not the control. */
function findExtremes(cells: readonly CellSummary[], samplesOf: SamplesOf): Extremes | null {
  const ranked = cells
    .filter(({ driver, headline }) => driver.role === 'driver' && headline?.value != null)
    .sort((a, b) => costOf(a) - costOf(b))
  const best = ranked[0]
  const worst = ranked.at(-1)
  if (best === undefined || worst === undefined || best === worst) return null
  return {
    best,
    worst,
    ratio: pairedRatio(headlineByRound(worst, samplesOf), headlineByRound(best, samplesOf)),
  }
}

function headlineByRound({ cell, headline }: CellSummary, samplesOf: SamplesOf): ByRound {
  return headline === null ? new Map() : valuesByRound(headline.phase, samplesOf(cell.id))
}

/** The headline's median, turned round where more is better. */
function costOf({ headline }: CellSummary): number {
  const median = headline?.value?.median ?? Number.NaN
  return headline?.phase.better === 'higher' ? -median : median
}

function findSlopes({ axis, cells }: Group): Panel['slopes'] {
  if (axis === null || axis.kind !== 'size') return null
  const large = axis.values.filter(({ value }) => value >= SLOPE_FROM)
  const used = large.length >= 2 ? large : axis.values
  const from = used[0] as AxisValue
  const slopes = [...groupBy(cells, ({ cell }) => cell.driver)].flatMap(([driver, own]) => {
    const points = own.flatMap(({ cell, headline }) => {
      const x = positionOf(cell, axis)?.value ?? 0
      return headline?.value && x >= from.value ? [{ x, y: headline.value.median }] : []
    })
    const slope = logLogSlope(points)
    return slope === null ? [] : [{ driver, slope }]
  })
  return slopes.length === 0 ? null : { from, of: slopes }
}
