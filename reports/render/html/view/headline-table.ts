import {
  formatCount,
  formatHalfWidth,
  formatInterval,
  formatMechanism,
  formatP,
  formatPercent,
  formatRatio,
  formatRatioInterval,
  formatValue,
  NOTHING,
  plural,
} from '../../../format/format.ts'
import { ANSWERS } from '../../../format/answer.ts'
import { totalOf } from '../../../summary/sample-counts.ts'
import type { HeadlineRatio, PhaseSummary, Tail } from '../../../summary/figures.ts'
import type { CellSummary, Panel } from '../../../summary/types.ts'
import { type DataCell, dataCell } from './data-cell.ts'
import { coverageNote } from './labels.ts'
import type { Styles } from './palette.ts'
import { sparkOf } from './spark.ts'
import { type Column, tableView, type TableView } from './table.ts'
import { tailNote } from './tail-note.ts'

/**
 * The table behind a panel's charts: the headline of every cell, and how far each figure can be trusted. `which`: tells its
 * caption from that of the panel's other one.
 */
export function headlineTable(panel: Panel, styles: Styles, name = 'table', which = ''): TableView {
  const title = panel.cells.find((cell) => cell.headline !== null)?.headline?.phase.title ?? ''
  const columns = [...COLUMNS, ...limitColumn(panel), MECHANISM].filter(({ isShown }) =>
    panel.cells.some((cell) => isShown(cell)),
  )
  const caption = [title, which].filter((part) => part !== '').join(' · ')
  return tableView(panel, { name, caption, note: noteOf(panel) }, columns, styles)
}

interface HeadlineColumn extends Column {
  /** Whether a cell has something to say in it; a column in which none has is left out. */
  isShown(summary: CellSummary): boolean
}

const always = () => true

const COLUMNS: readonly HeadlineColumn[] = [
  { title: 'Median', sub: 'with interval', cell: medianCell, isShown: always },
  { title: '÷ control', sub: 'with interval', cell: ratioCell, isShown: always },
  { title: 'Answer', sub: 'beside the control', cell: answerCell, isShown: ({ ratio }) => ratio !== null },
  { title: 'Over the run', sub: '', cell: runCell, isShown: (cell) => sparkIn(cell) !== null },
  {
    title: 'p95',
    sub: 'with interval',
    cell: ({ headline }) => tailCell(headline, headline?.p95 ?? null),
    isShown: ({ headline }) => headline?.p95 != null,
  },
  {
    title: 'p99',
    sub: 'with interval',
    cell: ({ headline }) => tailCell(headline, headline?.p99 ?? null),
    isShown: ({ headline }) => headline?.p99 != null,
  },
  { title: 'Samples', sub: '', cell: samplesCell, isShown: always },
]

const MECHANISM: HeadlineColumn = {
  title: 'Mechanism',
  sub: '',
  isText: true,
  cell: ({ mechanism }) => dataCell(formatMechanism(mechanism), { className: 'text' }),
  isShown: always,
}

/** One limit holds for all: they have the phase and the state of the cache in common. */
function limitColumn({ cells }: Panel): HeadlineColumn[] {
  const limit = cells.find(({ headline }) => headline?.limit != null)?.headline?.limit?.limit
  if (limit === undefined) return []
  const sub = `${limit.pattern} ${limit.operation}`
  return [{ title: 'Of the device', sub, cell: limitCell, isShown: always }]
}

function noteOf(panel: Panel): string {
  const headlines = panel.cells.flatMap(({ headline }) => headline ?? [])
  const estimates = headlines.flatMap(({ value }) => value ?? [])
  const rounds = Math.max(1, ...panel.cells.map(({ overTheRun }) => overTheRun?.roundsEach ?? 1))
  return [
    `Intervals are those of the median${coverageNote(estimates)}.`,
    rounds > 1 ? `Over the run: medians of ${rounds} rounds each.` : '',
    limitNote(panel),
    tailNote(headlines),
  ]
    .filter((sentence) => sentence !== '')
    .join(' ')
}

/** Explains the device's limit, and where it does not apply. */
function limitNote({ cells }: Panel): string {
  const limits = cells.flatMap(({ headline }) => headline?.limit ?? [])
  const [first] = limits
  if (first === undefined) return ''
  const unit = cells.find(({ headline }) => headline?.limit != null)?.headline?.phase.unit
  const { operation, pattern, bytesPerSecond, iops } = first.limit
  const rate =
    unit === 'iops' ? formatValue(Math.round(iops), 'iops') : formatValue(bytesPerSecond, 'bytes/s')
  return `Of the device: what reached it by the second, of the ${rate} of ${pattern} ${operation} that it does without a file system.`
}

/**
 * Returns the cell of a median. When samples gather around two values, both stand beside it, since there may be no sample
 * near the median.
 */
function medianCell({ headline }: CellSummary): DataCell {
  if (headline?.value == null) return dataCell(NOTHING)
  const { phase, value, modes, belowFloor } = headline
  const told = modes.map(({ center, share }) => `${formatValue(center, phase.unit)}, ${formatPercent(share)}`)
  return dataCell(formatValue(value.median, phase.unit), {
    subs: value.low === null ? [] : [formatInterval(value.low, value.high, value.median, phase.unit)],
    marks: [
      ...(told.length === 0 ? [] : [`${plural(told.length, 'mode')}:`, ...told]),
      ...(belowFloor ? ['below the floor'] : []),
    ],
  })
}

function sparkIn({ headline, overTheRun }: CellSummary) {
  if (headline?.value == null || overTheRun === null) return null
  return sparkOf(overTheRun, headline.value, headline.phase.unit)
}

function runCell(cell: CellSummary): DataCell {
  const { headline } = cell
  const { drift = null, autocorrelation = null } = headline ?? {}
  return dataCell(sparkIn(cell) === null ? NOTHING : '', {
    spark: sparkIn(cell),
    marks: [
      ...(drift === null ? [] : [`drifts by ${formatPercent(drift)}`]),
      ...(autocorrelation === null ? [] : [`autocorrelated, ${autocorrelation.toFixed(2)}`]),
    ],
  })
}

function ratioCell({ ratio }: CellSummary): DataCell {
  if (ratio === null) return dataCell(NOTHING)
  const { answer, converged, halfWidth } = ratio
  return dataCell(formatRatio(ratio.ratio), {
    subs: ratio.low === null ? [] : [formatRatioInterval(ratio.low, ratio.high)],
    marks: converged || halfWidth === null ? [] : [formatHalfWidth(halfWidth)],
    className: isUnlike(answer) ? 'inline marked' : 'inline',
  })
}

/** The answer; below it the adjusted p of the signed-rank test, and what that could have found. */
function answerCell({ ratio }: CellSummary): DataCell {
  if (ratio === null) return dataCell(NOTHING)
  const { answer, verdict, pAdjusted, detectable } = ratio
  const sees = detectable === null || verdict === 'different' ? [] : [`sees ${formatPercent(detectable)}`]
  return dataCell(ANSWERS[answer.is], {
    subs: [...(pAdjusted === null ? [] : [formatP(pAdjusted)]), ...sees],
    className: isUnlike(answer) ? 'marked' : '',
  })
}

function isUnlike({ is }: HeadlineRatio['answer']): boolean {
  return is === 'dearer' || is === 'cheaper'
}

function tailCell(headline: PhaseSummary | null, tail: Tail | null): DataCell {
  if (headline === null || tail === null) return dataCell(NOTHING)
  const { unit } = headline.phase
  return dataCell(formatValue(tail.value, unit), {
    subs: [formatInterval(tail.low, tail.high, tail.value, unit)],
  })
}

function samplesCell({ samples, headline }: CellSummary): DataCell {
  const all = totalOf(samples)
  const text =
    samples.completed === all ? formatCount(all) : `${formatCount(samples.completed)} of ${formatCount(all)}`
  return dataCell(text, {
    marks: headline?.outliers ? [plural(headline.outliers, 'outlier')] : [],
    className: 'inline',
  })
}

function limitCell({ headline }: CellSummary): DataCell {
  if (headline?.limit == null) return dataCell(NOTHING)
  const { share } = headline.limit
  return dataCell(formatPercent(share), {
    bar: `${Math.min(100, Math.round(share * 100))}%`,
  })
}
