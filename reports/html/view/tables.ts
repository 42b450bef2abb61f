import {
  formatInterval,
  formatRatio,
  formatRatioInterval,
  formatValue,
  NOTHING,
  plural,
} from '../../format.ts'
import { positionOf } from '../../summary/axis.ts'
import { phasesAcross } from '../../summary/phases.ts'
import type { CellSummary, Panel, PhaseSummary, Ratio } from '../../summary/types.ts'
import type { LegendEntry } from './chart-spec.ts'
import { judge } from '../../summary/judgement.ts'
import { coverageNote } from './labels.ts'
import type { Styles } from './line-charts.ts'
import { seriesSwatch } from './swatch.ts'

export interface DataCell {
  text: string
  /** Second, smaller line; empty for none. */
  sub: string
  /** `text` for words, `marked` for what is unlike the control, else empty. */
  className: string
}

export interface TableRow {
  driver: LegendEntry
  emulated: boolean
  control: boolean
  /** Empty for a cell that has nothing measured; then `missing` says why. */
  cells: readonly DataCell[]
  missing: string
}

export interface TableGroup {
  /** Empty where the table has one group. */
  title: string
  rows: readonly TableRow[]
}

export interface TableView {
  id: string
  caption: string
  note: string
  columns: readonly { title: string; sub: string; className: string }[]
  /** Columns after the driver's, and with it. */
  width: number
  heads: number
  groups: readonly TableGroup[]
}

interface Column {
  title: string
  sub: string
  isText?: true
  cell(summary: CellSummary): DataCell
}

const plain = (text: string, sub = ''): DataCell => ({ text, sub, className: '' })

const HEADLINE_COLUMNS: readonly Column[] = [
  { title: 'Median', sub: '', cell: ({ headline }) => plain(medianText(headline)) },
  { title: 'Interval', sub: 'of the median', cell: ({ headline }) => plain(intervalText(headline)) },
  {
    title: 'p95',
    sub: '',
    cell: ({ headline }) =>
      plain(headline === null ? NOTHING : formatValue(headline.p95, headline.phase.unit)),
  },
  { title: 'Samples', sub: '', cell: samplesCell },
  { title: '÷ control', sub: 'with interval', cell: ({ headline }) => ratioCell(headline?.ratio ?? null) },
  { title: 'Written', sub: 'per byte changed', cell: writtenCell },
  {
    title: 'Space',
    sub: 'allocated',
    cell: ({ bytesAllocated }) => plain(formatValue(bytesAllocated, 'bytes')),
  },
  { title: 'Mechanism', sub: '', isText: true, cell: mechanismCell },
]

/** The table behind a panel's charts: the headline of every cell. */
export function headlineTable(panel: Panel, styles: Styles): TableView {
  const headline = panel.cells.find((cell) => cell.headline !== null)?.headline?.phase
  const estimates = panel.cells.flatMap(({ headline: own }) => own?.value ?? [])
  const note =
    `Intervals of medians are rank-based${coverageNote(estimates)}; p95 needs 20 samples. ÷ control is the median of ` +
    `the ratios to the plain directory in the same round; bold where its interval excludes 1. Written is what ` +
    `reached the scratch device in the whole sample.`
  const caption = [panel.scenario.title, panel.title, headline?.title ?? '']
    .filter((part) => part !== '')
    .join(' · ')
  return table(`${panel.id}-table`, caption, note, HEADLINE_COLUMNS, panel, styles)
}

/** Every phase of every cell: median, interval and bytes written. Null where there is only the headline. */
export function phasesTable(panel: Panel, styles: Styles): TableView | null {
  const phases = phasesAcross(panel)
  if (phases.length < 2) return null
  const columns = phases.map((phase) => ({
    title: phase.title,
    sub: phase.sum === undefined ? '' : 'sum',
    cell: ({ phases: own }: CellSummary) => phaseCell(own.find((one) => one.phase.id === phase.id) ?? null),
  }))
  const caption = [panel.scenario.title, panel.title, 'every phase'].filter((part) => part !== '').join(' · ')
  return table(`${panel.id}-every-phase`, caption, 'Median, below it the interval.', columns, panel, styles)
}

function table(
  id: string,
  caption: string,
  note: string,
  columns: readonly Column[],
  panel: Panel,
  styles: Styles,
): TableView {
  const groups = groupsOf(panel).map(({ title, cells }) => ({
    title,
    rows: cells.map((cell) => rowOf(cell, columns, styles)),
  }))
  const titles = columns.map(({ title, sub, isText }) => ({ title, sub, className: isText ? 'text' : '' }))
  return { id, caption, note, columns: titles, width: columns.length, heads: columns.length + 1, groups }
}

function groupsOf(panel: Panel): { title: string; cells: readonly CellSummary[] }[] {
  const { axis } = panel
  if (axis === null) return [{ title: '', cells: panel.cells }]
  return axis.values.map((value) => {
    const cells = panel.cells.filter(({ cell }) => positionOf(cell, axis) === value)
    return { title: cells[0]?.cell.label ?? value.text, cells }
  })
}

function rowOf(cell: CellSummary, columns: readonly Column[], styles: Styles): TableRow {
  const isMeasured = cell.samples.completed > 0
  return {
    driver: swatchOf(cell, styles),
    emulated: cell.driver.emulated,
    control: cell.driver.role === 'control',
    cells: isMeasured ? columns.map((column) => column.cell(cell)) : [],
    missing: isMeasured ? '' : missingText(cell),
  }
}

/** Why a cell has no figures. */
export function missingText({ state, reason, samples }: CellSummary): string {
  if (reason !== null) return `${state}: ${reason}`
  const lost = samples.failed + samples.aborted
  return lost === 0 ? state : `${state}: ${plural(lost, 'sample')} did not complete`
}

/** The picture and name of a cell's driver configuration. */
export function swatchOf({ cell }: CellSummary, styles: Styles): LegendEntry {
  const style = styles.get(cell.driver)
  if (style === undefined) throw new Error(`no style was assigned to ${cell.driver}`)
  return seriesSwatch(cell.driver, style)
}

function medianText(phase: PhaseSummary | null): string {
  return phase === null ? NOTHING : formatValue(phase.value?.median ?? null, phase.phase.unit)
}

function intervalText(phase: PhaseSummary | null): string {
  if (phase?.value == null) return NOTHING
  return formatInterval(phase.value.low, phase.value.high, phase.value.median, phase.phase.unit)
}

function phaseCell(phase: PhaseSummary | null): DataCell {
  return phase?.value == null ? plain(NOTHING) : plain(medianText(phase), intervalText(phase))
}

function samplesCell({ samples }: CellSummary): DataCell {
  const lost = samples.failed + samples.aborted
  if (lost === 0) return plain(String(samples.completed))
  return plain(`${samples.completed} of ${samples.completed + lost}`)
}

function writtenCell({ bytesWritten, writeAmplification }: CellSummary): DataCell {
  return plain(
    formatValue(bytesWritten, 'bytes'),
    writeAmplification === null ? '' : formatRatio(writeAmplification),
  )
}

function mechanismCell({ mechanism }: CellSummary): DataCell {
  return { text: mechanism ?? NOTHING, sub: '', className: 'text' }
}

function ratioCell(ratio: Ratio | null): DataCell {
  if (ratio === null) return plain(NOTHING)
  const marked = judge(ratio) === 'different'
  const className = marked ? 'marked' : ''
  return { text: formatRatio(ratio.ratio), sub: formatRatioInterval(ratio.low, ratio.high), className }
}
