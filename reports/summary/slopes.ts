import { logLogSlope } from '../../harness/statistics/log-log-slope.ts'
import { groupBy } from './group-by.ts'
import { positionOf } from './axis.ts'
import type { ValuesOf } from './collector.ts'
import type { Group } from './panels.ts'
import type { AxisValue, Panel } from './types.ts'

/** Below this size fixed costs (opening, syncing) hide how the cost grows. Bytes. */
const SLOPE_FROM = 16 * 1024 ** 2

/**
 * How each configuration's headline grows with the size, by all of its samples: their scatter is what the interval is
 * of. Null where the cells differ in no size.
 */
export function findSlopes({ axis, cells }: Group, valuesOf: ValuesOf): Panel['slopes'] {
  if (axis === null || axis.kind !== 'size') return null
  const large = axis.values.filter(({ value }) => value >= SLOPE_FROM)
  const used = large.length >= 2 ? large : axis.values
  const from = used[0] as AxisValue
  const slopes = [...groupBy(cells, ({ cell }) => cell.configuration)].flatMap(([configuration, own]) => {
    const points = own.flatMap(({ cell }) => {
      const x = positionOf(cell, axis)?.value ?? 0
      return x < from.value ? [] : Array.from(valuesOf(cell.id).values(), (y) => ({ x, y }))
    })
    const fitted = logLogSlope(points)
    return fitted === null ? [] : [{ configuration, slope: fitted.slope, low: fitted.low, high: fitted.high }]
  })
  return slopes.length === 0 ? null : { from, of: slopes }
}
