import { formatValue, type Quantity } from '../../../format/format.ts'
import type { Samples, Scale } from './chart-spec.ts'

const STEPS = [1, 2, 5] as const
/** A log axis that spans more than this has labels at its decades alone. */
const DECADES_WITH_STEPS = 2
/** Values further apart than this need a log axis to be told from each other. */
const WIDE = 12
/** Ratios further apart than this do, since a third and three times are equally far from 1. */
const WIDE_RATIO = 3

/** A log axis from the 1-2-5 step below the least value to the one above the greatest. */
export function logScale(values: readonly number[], unit: Quantity): Scale {
  const positive = values.filter((value) => value > 0)
  if (positive.length === 0) return linearScale([1], unit)
  const steps = stepsBetween(...endsOf(positive))
  const min = steps[0] as number
  const max = steps.at(-1) as number
  const decades = Math.log10(max / min)
  const ticks = decades > DECADES_WITH_STEPS ? steps.filter(isDecade) : steps
  return {
    type: 'logarithmic',
    min,
    max,
    ticks: ticks.map((value) => ({ value, label: shortLabel(value, unit) })),
  }
}

/** A linear axis from nothing to a round number above the greatest value. */
export function linearScale(values: readonly number[], unit: Quantity): Scale {
  const greatest = Math.max(endsOf(values)[1], 0) || 1
  const step = stepsBetween(greatest / 6, greatest).find((size) => greatest / size <= 5) ?? greatest
  const count = Math.ceil(greatest / step - 1e-9)
  const ticks = Array.from({ length: count + 1 }, (_, index) => index * step)
  return {
    type: 'linear',
    min: 0,
    max: count * step,
    ticks: ticks.map((value) => ({ value, label: shortLabel(value, unit) })),
  }
}

/** Linear where the values are near each other and nothing is a fair place to start; else logarithmic. */
export function fittingScale(values: readonly number[], unit: Quantity): Scale {
  const positive = values.filter((value) => value > 0)
  const [least, greatest] = endsOf(positive)
  const isWide = greatest / least > WIDE
  return isWide ? logScale(positive, unit) : linearScale(positive, unit)
}

/** For ratios, around 1 and with it: linear where they are near each other, so that some percent can be seen. */
export function ratioScale(ratios: readonly number[]): Scale {
  const [least, greatest] = endsOf([1, ...ratios])
  if (greatest / least > WIDE_RATIO) return logScale([least, greatest], 'ratio')
  const span = Math.max(greatest - least, 0.05)
  const step = stepsBetween(span / 6, span).find((size) => span / size <= 5) ?? span
  const [first, last] = [Math.floor(least / step + 1e-9), Math.ceil(greatest / step - 1e-9)]
  // As it is written: a multiple of 0.2 is 0.6000000000000001.
  const round = (value: number) => Number(value.toPrecision(6))
  const values = Array.from({ length: last - first + 1 }, (_, nth) => round((first + nth) * step))
  return {
    type: 'linear',
    min: round(first * step),
    max: round(last * step),
    ticks: values.map((value) => ({ value, label: shortLabel(value, 'ratio') })),
  }
}

/** All that is drawn of one value: itself, its interval, its samples. */
export function extentOf(
  value: number,
  { low, high, samples }: { low: number | null; high: number | null; samples: Samples },
): number[] {
  return [value, low ?? value, high ?? value, ...samples.values, ...samples.outliers]
}

/** The least and the greatest. Not by Math.min(…): a chart may hold more values than a call can take arguments. */
function endsOf(values: readonly number[]): [least: number, greatest: number] {
  return values.reduce<[number, number]>(
    ([least, greatest], value) => [Math.min(least, value), Math.max(greatest, value)],
    [Infinity, -Infinity],
  )
}

/** The steps 1, 2, 5 of each decade that enclose both ends. */
function stepsBetween(least: number, greatest: number): number[] {
  const steps: number[] = []
  const last = Math.ceil(Math.log10(greatest))
  for (let decade = Math.floor(Math.log10(least)); decade <= last; decade += 1) {
    for (const step of STEPS) steps.push(Number(`${step}e${decade}`))
  }
  const from = steps.findLastIndex((step) => step <= least * 1.0000001)
  const to = steps.findIndex((step) => step >= greatest * 0.9999999)
  return steps.slice(Math.max(from, 0), Math.max(to, from + 1) + 1)
}

function isDecade(value: number): boolean {
  const exponent = Math.log10(value)
  return Math.abs(exponent - Math.round(exponent)) < 1e-9
}

/** `10 ms`, not `10.0 ms`: axis labels are round by construction. */
function shortLabel(value: number, unit: Quantity): string {
  return formatValue(value, unit)
    .replace(/\.0+(?=\D|$)/, '')
    .replace(/(\.\d*?[1-9])0+(?=\D|$)/, '$1')
}
