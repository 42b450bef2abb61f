import { formatCount, formatInterval, formatShare, formatValue } from '../../../format/format.ts'
import type { Unit } from '../../../../harness/contracts/phase.ts'
import type { Dots, Estimate } from '../../../summary/figures.ts'
import type { Samples } from './chart-spec.ts'

/** A driver configuration on at most three short lines, for an axis: `overlay2@xfs`, `+reflink=off`, `#again`. */
export function axisLabel(configuration: string): string[] {
  const [name = configuration, ...told] = configuration.split(/(?=[+#])/)
  return told.length <= 2 ? [name, ...told] : [name, told[0] ?? '', `${told[1]} …`]
}

/** `251 ms (246 – 260 ms)`. */
export function estimateText(estimate: Estimate, unit: Unit): string {
  const median = formatValue(estimate.median, unit)
  if (estimate.low === null) return `${median} (one sample)`
  return `${median} (${formatInterval(estimate.low, estimate.high, estimate.median, unit)})`
}

/** ` (cover 93.8 % or more)`; empty where nothing has an interval. */
export function coverageNote(estimates: readonly { coverage: number | null }[]): string {
  const coverages = estimates.flatMap(({ coverage }) => coverage ?? [])
  return coverages.length === 0 ? '' : ` (coverage ${formatShare(Math.min(...coverages))} or more)`
}

/** A number and its unit on one line. */
export function keepTogether(text: string): string {
  return text.replace(
    /(\d|±|\bp|<) (?=(?:[nµm]?s|[KMGT]?i?B|IOPS)\b|%|(?<=(?:±|\bp|<) )(?:\d|<))/g,
    '$1\u00a0',
  )
}

/** Digits of a drawn value: a pixel is a thousandth of a chart. */
const DRAWN_DIGITS = 4

/** Measured values to draw, written as short as possible. */
export function samplesOf(dots: Dots | null): Samples {
  const short = (value: number) => Number(value.toPrecision(DRAWN_DIGITS))
  return { values: dots?.values.map(short) ?? [], outliers: dots?.outliers.map(short) ?? [] }
}

/** Returns the explanation of a chart's small dots, and how many of them are drawn. Empty where none are. */
export function dotsNote(all: readonly (Dots | null)[], what: string): string {
  const drawn = all.filter((dots) => dots !== null)
  if (drawn.length === 0) return ''
  const rings = drawn.some(({ outliers }) => outliers.length > 0) ? ', rings outliers' : ''
  const thinned = drawn.filter(({ values, outliers, of }) => values.length + outliers.length < of)
  const most = thinned.reduce(
    (one, other) => (other.of > one.of ? other : one),
    thinned[0] ?? { of: 0, values: [] },
  )
  const share =
    thinned.length === 0
      ? ''
      : `: ${formatCount(most.values.length)} of ${formatCount(most.of)} are drawn, and every outlier`
  return ` Small dots are ${what}${rings}${share}.`
}
