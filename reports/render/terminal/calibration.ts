import picocolors from 'picocolors'
import { textTable } from '../../../harness/terminal/text-table.ts'
import { floorOf } from '../../summary/floors.ts'
import type { Calibration } from '../../../harness/contracts/calibration.ts'
import { formatCount, formatShare, formatValue } from '../../format/format.ts'

/** A calibration as tables for a terminal, with what follows from them in words. Ends without a newline. */
export function renderCalibration(calibration: Calibration, color: boolean): string {
  const { bold, dim } = picocolors.createColors(color)
  const section = (title: string, head: string[], rows: string[][], ...words: string[]) =>
    [bold(title), table(head, rows, dim), ...words.map(dim)].join('\n')
  return [
    section('What the harness costs', ['', 'median', ''], costRows(calibration), ...floorWords(calibration)),
    ...deviceSection(calibration, section),
    section(
      'How noisy the host is',
      ['', 'n', 'median', 'variation'],
      noiseRows(calibration),
      'variation: standard deviation ÷ mean of the same work, done again and again',
    ),
  ].join('\n\n')
}

type Section = (title: string, head: string[], rows: string[][], ...words: string[]) => string

function costRows({ harness }: Calibration): string[][] {
  const { clock, phase, verb, call, tinybench } = harness
  const byHand = formatValue(tinybench.byHand, 's')
  return [
    ['one reading of the clock', formatValue(clock, 's'), ''],
    ['an empty phase', formatValue(phase, 's'), 'in every phase'],
    ['an empty phase with a promise', formatValue(verb, 's'), 'in prepare, mount, umount, remove'],
    ['one foreign call', formatValue(call, 's'), 'getpid(2)'],
    ['an empty task of tinybench', formatValue(tinybench.task, 's'), `by hand ${byHand}`],
  ]
}

function floorWords(calibration: Calibration): string[] {
  const verb = formatValue(floorOf(calibration, 'mount'), 's')
  const other = formatValue(floorOf(calibration), 's')
  return [`a phase under ${other}, a verb under ${verb}, is below the floor: 20 × an empty one`]
}

function deviceSection({ device }: Calibration, section: Section): string[] {
  if (device === null) return []
  const rows = device.limits.map((limit) => [
    limit.operation,
    limit.pattern,
    formatValue(limit.blockSize, 'bytes'),
    String(limit.queueDepth),
    formatValue(limit.bytesPerSecond, 'bytes/s'),
    formatCount(Math.round(limit.iops)),
    formatValue(limit.median, 's'),
    formatValue(limit.p99, 's'),
  ])
  return [
    section(
      `What the device does: ${device.path}, ${formatValue(device.size, 'bytes')} of it, direct I/O`,
      ['', '', 'block', 'depth', 'throughput', 'IOPS', 'median', 'p99'],
      rows,
      'without file system or driver: no driver on it writes or copies faster for long',
    ),
  ]
}

function noiseRows({ noise }: Calibration): string[][] {
  return noise.map(({ operation, seconds, n, median, coefficientOfVariation }) => [
    `${operation}, ${formatCount(seconds)} s`,
    formatCount(n),
    formatValue(median, 's'),
    formatShare(coefficientOfVariation),
  ])
}

/** Columns with a heading hold figures, and stand to the right. */
function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  dim: (text: string) => string,
): string {
  const columns = head.map((title) =>
    title === '' ? title : ({ title: dim(title), align: 'right' } as const),
  )
  return textTable(columns, rows)
}
