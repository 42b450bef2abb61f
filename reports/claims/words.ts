/** Words that several claims use. */
import { formatMechanism, formatRatio, formatRatioInterval, formatValue } from '../format/format.ts'
import type { Compared } from './look.ts'
import type { Figure, Measured } from './measured.ts'

const MIB = 1024 ** 2

/** Bytes that a store has grown by during the work, without what was prepared untimed. */
export function grownBy(measured: Measured): Figure {
  return measured.figure('what its store has grown by', ({ allocated }) => allocated?.bytes)
}

/** Bytes of a size in the notation of options: `64M`. */
export function sizeOf(text: string): number {
  return Number.parseInt(text, 10) * MIB
}

/** `64.1 MiB`, or `28 KiB to 36 KiB` where samples differ in what is shown. */
export function bytesText({ least, most }: Figure): string {
  const [from, to] = [formatValue(Math.max(0, least), 'bytes'), formatValue(Math.max(0, most), 'bytes')]
  return from === to ? from : `${from} to ${to}`
}

export function secondsText({ median }: Figure): string {
  return formatValue(median, 's')
}

/** `copied up in all 3 samples`, `nothing copied in all 3 samples`. */
export function mechanismText(measured: Measured): string {
  const mechanism = measured.mechanism()
  const samples = `in all ${measured.samples.length} samples`
  if (mechanism === null) return `not by the same mechanism ${samples}`
  return `${mechanism === 'none' ? 'nothing copied' : formatMechanism(mechanism)} ${samples}`
}

/** `12.0× (10.0 – 14.0)`, of the values as they are: of a rate, more is better. */
export function ratioText({ ratio }: Compared): string {
  if (ratio === null) return '–'
  const interval = formatRatioInterval(ratio.low, ratio.high)
  return interval === '–' ? formatRatio(ratio.ratio) : `${formatRatio(ratio.ratio)} (${interval})`
}

/** Returns the configuration of a cell. */
export function configurationOf({ cell }: Measured): string {
  return cell.configuration
}

const ANSWERS = {
  dearer: 'dearer',
  cheaper: 'cheaper',
  same: 'about the same',
  open: 'not known yet',
} as const

/** `dearer, 3.20× (2.90 – 3.60)`. */
export function answerText(compared: Compared): string {
  return `${ANSWERS[compared.answer]}, ${ratioText(compared)}`
}
