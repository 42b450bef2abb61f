/** The first screen's table: a configuration a row, a question a column, shaded by cost. */
import { formatRatio, formatValue, NOTHING } from '../../../format/format.ts'
import type { Summary } from '../../../summary/types.ts'
import type { Matrix, MatrixCell, MatrixRow } from '../../../verdict/matrix.ts'
import { type Sign, signOf, signsIn } from '../../../verdict/signs.ts'
import type { LegendEntry } from './chart-view.ts'
import { type Styles, styleOf } from './palette.ts'
import { seriesSwatch } from './swatch.ts'
import { tagsOf } from './table.ts'

export interface MatrixView {
  /** What the cells are compared with: the best, or a plain directory where there is a single configuration. */
  against: string
  signs: readonly Sign[]
  /** The shades that are there, by how many times the best they stand for. */
  shades: readonly { className: string; text: string }[]
  hasControl: boolean
  columns: readonly { scenario: string; detail: string; phase: string; anchor: string }[]
  rows: readonly MatrixRowView[]
  /** Configurations without any figure, a line for each reason. */
  missing: readonly string[]
}

interface MatrixRowView {
  configuration: LegendEntry
  tags: readonly string[]
  control: boolean
  cells: readonly MatrixCellView[]
}

interface MatrixCellView {
  text: string
  /** The phase in which it pays instead of in the headline; else empty. */
  where: string
  /** Times what it is compared with; empty where that cannot be told. */
  factor: string
  /** Sign of the answer, and the answer in words for readers who do not see the sign. */
  sign: string
  answer: string
  /** `heat-0` … `heat-4`; `heat-none` where nothing is shown. */
  className: string
}

const SHADES = [
  { level: 1, text: 'less than 2×' },
  { level: 2, text: 'from 2×' },
  { level: 3, text: 'from 10×' },
  { level: 4, text: 'from 100×' },
] as const

const EMPTY = { where: '', factor: '', sign: '', answer: '', className: 'missing' }

export function matrixView(matrix: Matrix, { run }: Summary, styles: Styles): MatrixView {
  const isAlone = matrix.questions.every(({ against }) => against === 'control')
  return {
    against: isAlone ? 'a plain directory' : 'the best',
    signs: signsIn(matrix),
    shades: SHADES.filter(({ level }) =>
      matrix.rows.some(({ cells }) => cells.some((cell) => cell?.level === level)),
    ).map(({ level, text }) => ({ className: `heat-${level}`, text })),
    hasControl: matrix.rows.some(({ kind }) => kind === 'control'),
    columns: matrix.questions.map(({ panel, detail, phase }) => ({
      scenario: panel.scenario.title,
      detail,
      phase: phase?.title ?? '',
      anchor: panel.id,
    })),
    rows: matrix.rows.map((row) => rowOf(row, run, styles)),
    missing: matrix.missing.map(
      ({ configurations, reason, state }) => `${configurations.join(', ')} (${reason ?? state})`,
    ),
  }
}

function rowOf({ configuration, driver, kind, cells }: MatrixRow, run: Summary['run'], styles: Styles) {
  return {
    configuration: seriesSwatch(configuration, styleOf(styles, configuration)),
    tags: tagsOf({ driver, injected: run.options.injected[configuration] ?? null }),
    control: kind === 'control',
    cells: cells.map((cell) => cellOf(cell, kind)),
  }
}

function cellOf(cell: MatrixCell | null, kind: MatrixRow['kind']): MatrixCellView {
  if (cell === null) return { ...EMPTY, text: NOTHING }
  if (cell.median === null || cell.phase === null) return { ...EMPTY, text: cell.cell.state }
  const sign = signOf(cell, kind)
  return {
    text: formatValue(cell.median, cell.phase.phase.unit),
    where: cell.isElsewhere ? `in ${cell.phase.phase.id}` : '',
    factor:
      cell.factor === null || (cell.isBest && cell.answer === null) || kind === 'control'
        ? ''
        : formatRatio(cell.factor),
    sign: sign?.sign ?? '',
    answer: sign?.meaning ?? '',
    className: `heat-${cell.level ?? 'none'}`,
  }
}
