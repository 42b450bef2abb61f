import type { Unit } from '../../../../harness/contracts/phase.ts'
import { formatValue, plural } from '../../../format/format.ts'
import type { Estimate, OverTheRun } from '../../../summary/figures.ts'
import type { Spark } from './data-cell.ts'

const WIDTH = 120
const HEIGHT = 24
/** Clear of the edges, so that the line is drawn whole. */
const MARGIN = 2
/** Scatter of less than this share of the median either way is drawn small: it is no news. */
const LEAST_SPREAD = 0.05

/** The values of a cell over the run; null where there are too few to see anything. */
export function sparkOf({ values }: OverTheRun, { median }: Estimate, unit: Unit): Spark | null {
  if (values.length < 3) return null
  const [least, greatest] = [Math.min(...values), Math.max(...values)]
  const bottom = Math.min(least, median * (1 - LEAST_SPREAD))
  const top = Math.max(greatest, median * (1 + LEAST_SPREAD))
  const y = (value: number) =>
    (HEIGHT - MARGIN - ((value - bottom) / (top - bottom || 1)) * (HEIGHT - 2 * MARGIN)).toFixed(1)
  const x = (nth: number) => (MARGIN + (nth / (values.length - 1)) * (WIDTH - 2 * MARGIN)).toFixed(1)
  return {
    points: values.map((value, nth) => `${x(nth)},${y(value)}`).join(' '),
    median: y(median),
    alternative: `${plural(values.length, 'value')} over the run, from ${formatValue(least, unit)} to ${formatValue(greatest, unit)}`,
  }
}
