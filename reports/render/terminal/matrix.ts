import picocolors from 'picocolors'
import { GAP, textTable, textWidth } from '../../../harness/terminal/text-table.ts'
import { wrapText } from '../../../harness/terminal/wrap-text.ts'
import { formatBrief, joinList, NOTHING } from '../../format/format.ts'
import { legendText, signOf, signsIn } from '../../verdict/signs.ts'
import type { Matrix, MatrixCell, MatrixQuestion, MatrixRow } from '../../verdict/matrix.ts'

type Colors = ReturnType<typeof picocolors.createColors>
type Paint = (text: string) => string

/** Least width of a question's column, so that its title has few lines. */
const NARROWEST = 13

/** Marks a figure of another phase than the headline. */
const ELSEWHERE = '*'

/**
 * Draws the matrix on a terminal of `width` columns, in parts where it is wider: a configuration a row, a question a column,
 * and what the signs mean. Ends without a newline.
 */
export function renderMatrix(matrix: Matrix, width: number, color: boolean): string {
  const colors = picocolors.createColors(color)
  const names = matrix.rows.map(nameOf)
  const columns = matrix.questions.map((question, index) => columnOf(question, index, matrix.rows))
  const parts = inParts(columns, width - Math.max(0, ...names.map(textWidth)))
  const tables = parts.map((part) => renderPart(part, names, matrix.rows, colors))
  const legend = wrapText(legendOf(matrix), width, '  ').map((line) => colors.dim(line))
  return [...tables, ...legend].join('\n')
}

/** A question as a column: its title in lines, and the text of each row. */
interface Column {
  index: number
  title: readonly string[]
  texts: readonly string[]
  width: number
}

function columnOf(question: MatrixQuestion, index: number, rows: readonly MatrixRow[]): Column {
  const cells = rows.map(({ cells: all }) => all[index] ?? null)
  const figures = cells.map(figureOf)
  const widest = Math.max(...figures.map(textWidth))
  const texts = cells.map((cell, nth) => {
    const figure = figures[nth] ?? ''
    const sign = signText(cell, rows[nth]?.kind ?? 'driver')
    return `${' '.repeat(widest - textWidth(figure))}${figure} ${sign}`.trimEnd()
  })
  const body = Math.max(NARROWEST, ...texts.map(textWidth))
  const unit = question.phase?.unit === 'iops' ? 'IOPS' : ''
  const below = [question.detail, unit].filter((part) => part !== '').join(', ')
  const title = [question.scenario, ...(below === '' ? [] : wrapText(below, body))]
  return { index, title, texts, width: Math.max(body, ...title.map(textWidth)) }
}

/** Puts as many columns side by side as fit; at least one. */
function inParts(columns: readonly Column[], width: number): Column[][] {
  const parts: Column[][] = []
  let left = 0
  for (const column of columns) {
    const part = parts.at(-1)
    if (part === undefined || column.width + GAP > left) {
      parts.push([column])
      left = width - column.width - GAP
    } else {
      part.push(column)
      left -= column.width + GAP
    }
  }
  return parts
}

function renderPart(
  part: readonly Column[],
  names: readonly string[],
  rows: readonly MatrixRow[],
  colors: Colors,
): string {
  // Line by line: an escape sequence would colour the other columns of a line that it does not end on.
  const titles = part.map(({ title }) => title.map((line) => colors.dim(line)).join('\n'))
  const lines = rows.map((row, nth) => [
    row.kind === 'control' ? colors.cyan(names[nth] ?? '') : (names[nth] ?? ''),
    ...part.map(({ index, texts }) => paintOf(row.cells[index] ?? null, row, colors)(texts[nth] ?? '')),
  ])
  return textTable(['', ...titles], lines)
}

function nameOf({ configuration, driver, kind }: MatrixRow): string {
  if (kind === 'control') return `${configuration} (no driver)`
  return driver.emulated ? `${configuration} (emulation)` : configuration
}

function figureOf(cell: MatrixCell | null): string {
  if (cell === null) return NOTHING
  if (cell.median === null) return cell.cell.state === 'failed' ? 'failed' : NOTHING
  const figure = formatBrief(cell.median, cell.phase?.phase.unit ?? 's')
  return cell.isElsewhere ? figure + ELSEWHERE : figure
}

/** `★`, `=`, `▲▲213×`, `?1.1×`; empty for what is not compared with the best. */
function signText(cell: MatrixCell | null, kind: MatrixRow['kind']): string {
  const sign = cell === null ? null : signOf(cell, kind)
  if (cell === null || sign === null) return ''
  const isTimes = cell.answer?.is === 'dearer' || cell.answer?.is === 'open'
  return isTimes && cell.factor !== null ? sign.sign + formatBrief(cell.factor, 'ratio') : sign.sign
}

function paintOf(cell: MatrixCell | null, { kind }: MatrixRow, colors: Colors): Paint {
  if (kind === 'control') return colors.cyan
  if (cell?.median == null) return cell?.cell.state === 'failed' ? colors.red : colors.dim
  switch (cell.level) {
    case null:
      return colors.dim
    case 0:
      return colors.green
    case 1:
      return colors.yellow
    case 2:
      return colors.magenta
    case 3:
      return colors.red
    case 4:
      return (text) => colors.bold(colors.red(text))
  }
}

/** Explains the signs that are there. */
function legendOf(matrix: Matrix): string {
  const { rows } = matrix
  const cells = rows.flatMap(({ cells: all }) => all.flatMap((cell) => cell ?? []))
  const paid = [...new Set(cells.flatMap((cell) => (cell.isElsewhere ? (cell.phase?.phase.id ?? []) : [])))]
  const parts = [legendText(signsIn(matrix)), paid.length === 0 ? '' : `${ELSEWHERE} in ${joinList(paid)}`]
  return parts.filter((part) => part !== '').join('  ')
}
