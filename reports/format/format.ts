/** Numbers as people read them. Only view models, sentences and the terminal's table call these. */
import type { Unit } from '../../harness/contracts/phase.ts'

/** Quantities of an axis: measured units, and ratios. */
export type Quantity = Unit | 'ratio'

/** Text of an empty figure. */
export const NOTHING = '–'

interface Scale {
  factor: number
  suffix: string
}

const SECONDS: readonly Scale[] = [
  { factor: 1e-9, suffix: ' ns' },
  { factor: 1e-6, suffix: ' µs' },
  { factor: 1e-3, suffix: ' ms' },
  { factor: 1, suffix: ' s' },
]
const BYTES: readonly Scale[] = ['B', 'KiB', 'MiB', 'GiB', 'TiB'].map((suffix, power) => ({
  factor: 1024 ** power,
  suffix: ` ${suffix}`,
}))
const SCALES: Readonly<Record<Quantity, readonly Scale[]>> = {
  s: SECONDS,
  bytes: BYTES,
  'bytes/s': BYTES.map(({ factor, suffix }) => ({ factor, suffix: `${suffix}/s` })),
  iops: [{ factor: 1, suffix: ' IOPS' }],
  count: [{ factor: 1, suffix: '' }],
  ratio: [{ factor: 1, suffix: '×' }],
}

/** Three significant digits and a unit of fitting size: `251 ms`, `1.40 ms`, `36.1 µs`, `256 MiB`, `9,120 IOPS`. */
export function formatValue(value: number | null, unit: Quantity): string {
  if (value === null) return NOTHING
  const scale = scaleOf(value, unit)
  return digits(value / scale.factor, unit !== 's') + scale.suffix
}

/** A figure for a narrow column, its unit kept but that of a rate: `251 ms`, `1.4 ms`, `36 µs`, `9,120`. */
export function formatBrief(value: number | null, unit: Quantity): string {
  if (value === null) return NOTHING
  const { factor, suffix } = scaleOf(value, unit)
  const scaled = value / factor
  const text =
    scaled >= 9.95 || Number.isInteger(scaled) ? formatCount(Math.round(scaled)) : scaled.toFixed(1)
  return unit === 'iops' ? text : text + suffix
}

/** A bound that holds when it is rounded down, at most a million: `160×`, `12×`, `4.2×`, `1.17×`. */
export function formatAtLeast(bound: number): string {
  const ratio = Math.min(bound, 1e6)
  const unit = ratio < 2 ? 0.01 : 10 ** (Math.floor(Math.log10(ratio)) - 1)
  const down = Math.floor(ratio / unit + 1e-9) * unit
  return `${formatCount(Number(down.toPrecision(3)))}×`
}

/** Both ends in the unit that fits `median`: `246 – 260 ms`. */
export function formatInterval(low: number | null, high: number | null, median: number, unit: Unit): string {
  if (low === null || high === null) return NOTHING
  const scale = scaleOf(median, unit)
  const [from, to] = [low, high].map((end) => digits(end / scale.factor, unit !== 's'))
  return `${from} – ${to}${scale.suffix}`
}

/** `1.02×`, `180×`. */
export function formatRatio(ratio: number | null): string {
  return ratio === null ? NOTHING : `${digits(ratio)}×`
}

/** `0.98 – 1.05`. */
export function formatRatioInterval(low: number | null, high: number | null): string {
  return low === null || high === null ? NOTHING : `${digits(low)} – ${digits(high)}`
}

/** `93.8 %`. */
export function formatShare(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`
}

/** A part or a change as two digits tell it: `0.4 %`, `8.2 %`, `62 %`, `-12 %`, `1,240 %`. */
export function formatPercent(share: number): string {
  const percent = share * 100
  const magnitude = Math.abs(percent)
  if (magnitude >= 9.95) return `${formatCount(Math.round(percent))} %`
  return `${magnitude >= 0.095 ? percent.toFixed(1) : Number(percent.toPrecision(1))} %`
}

/** `± 3.2 %`. */
export function formatHalfWidth(halfWidth: number): string {
  return `± ${formatPercent(halfWidth)}`
}

/** `p 0.031`, `p < 0.001`. */
export function formatP(p: number | null): string {
  if (p === null) return NOTHING
  return p < 0.001 ? 'p < 0.001' : `p ${Number(p.toPrecision(2))}`
}

/** `1,234`. */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US')
}

/** `3 samples`, `1 sample`. */
export function plural(count: number, noun: string, nouns = `${noun}s`): string {
  return `${formatCount(count)} ${count === 1 ? noun : nouns}`
}

/** `2 h 5 min`, `4 min 12 s`, `9 s`. Seconds. */
export function formatDuration(seconds: number): string {
  const whole = Math.round(seconds)
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60]
  if (hours > 0) return `${hours} h ${minutes} min`
  return minutes > 0 ? `${minutes} min ${rest} s` : `${rest} s`
}

/** `a`, `a and b`, `a, b and c`. */
export function joinList(items: readonly string[]): string {
  if (items.length <= 1) return items.join('')
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`
}

function scaleOf(value: number, unit: Quantity): Scale {
  const scales = SCALES[unit]
  const magnitude = Math.abs(value)
  // 999.7 µs reads `1,000 µs` after rounding; it belongs to the next unit.
  const fitting = scales.findLast(({ factor }) => magnitude >= factor * 0.9995)
  return (magnitude === 0 ? scales.find(({ factor }) => factor === 1) : fitting) ?? (scales[0] as Scale)
}

/** Three significant digits, thousands grouped; a counted quantity that is whole stays so (`64`, not `64.0`). */
function digits(value: number, counted = false): string {
  const magnitude = Math.abs(value)
  if (value === 0) return '0'
  if (magnitude >= 99.95 || (counted && Number.isInteger(value))) return formatCount(Math.round(value))
  if (magnitude >= 9.995) return value.toFixed(1)
  if (magnitude >= 0.0995) return value.toFixed(2)
  return magnitude >= 0.0001 ? value.toPrecision(2) : value.toExponential(1)
}

/** A value of an enumeration of the JSON as people read it: `too few rounds`. */
export function formatWords(value: string): string {
  return value.replaceAll('-', ' ')
}

/** Mechanisms as people read them: `copied up`, `block CoW`, `copied up (2), cloned (1)`. */
export function formatMechanism(mechanism: string | null): string {
  return mechanism === null ? NOTHING : formatWords(mechanism).replaceAll('block cow', 'block CoW')
}
