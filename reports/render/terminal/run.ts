import { wrapText } from '../../../harness/terminal/wrap-text.ts'
import type { Summary } from '../../summary/types.ts'
import { describeAnswers } from '../../verdict/answers.ts'
import { matrixOf } from '../../verdict/matrix.ts'
import type { Sentence } from '../../verdict/sentence.ts'
import { firstScreen } from '../../verdict/verdict.ts'
import { renderMatrix } from './matrix.ts'
import { renderTables } from './tables.ts'

/**
 * Draws a run on a terminal of `width` columns: what to read first, the matrix, the answers in sentences. `withTables`: every
 * table after them. Ends without a newline.
 */
export function runTerminal(summary: Summary, width: number, color: boolean, withTables = false): string {
  const { before, after } = firstScreen(summary)
  const matrix = matrixOf(summary)
  const lines = (sentences: readonly Sentence[]) =>
    sentences.flatMap(({ text }) => wrapText(text, width, '  ')).join('\n')
  const isMeasured = matrix.rows.length > 0
  return [
    lines(before),
    isMeasured ? renderMatrix(matrix, width, color) : '',
    lines([...describeAnswers(summary), ...after]),
    // A table of a run without samples would have a row for each cell, and no figure.
    withTables && isMeasured ? renderTables(summary, width, color) : '',
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}
