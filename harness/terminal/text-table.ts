import stringWidth from 'string-width'
import { visible } from './visible.ts'

/** Blanks between two columns. */
export const GAP = 2

/** A column of a table for a terminal. Its title and its texts may carry colours. */
export interface TextColumn {
  title: string
  align: 'left' | 'right'
  /** Least width; where its texts are wider, it grows. */
  width?: number
}

/** Printable ASCII: a column a character, which need not be looked up. */
const PLAIN = /^[\x20-\x7e]*$/

/** Returns the columns that `text` takes on a terminal: those of its longest line. Escape sequences take none. */
export function textWidth(text: string): number {
  if (PLAIN.test(text)) return text.length
  return Math.max(...text.split('\n').map((line) => stringWidth(line)))
}

/** Cuts a text without escape sequences to `width` columns; `…` ends what was cut. */
export function cutText(text: string, width: number): string {
  if (textWidth(text) <= width) return text
  let kept = ''
  for (const character of text) {
    if (textWidth(kept + character) >= width) break
    kept += character
  }
  return `${kept}…`
}

/**
 * Lays texts out in columns below their titles, without lines; a title alone stands for a column to the left. A row may
 * be short, and a text may have several lines. Ends without a newline.
 */
export function textTable(
  columns: readonly (TextColumn | string)[],
  rows: readonly (readonly string[])[],
): string {
  const aligned = columns.map((column): TextColumn =>
    typeof column === 'string' ? { title: column, align: 'left' } : column,
  )
  const all = [aligned.map(({ title }) => title), ...rows]
  const widths = aligned.map(({ width = 0 }, index) =>
    Math.max(width, ...all.map((row) => textWidth(row[index] ?? ''))),
  )
  const lineOf = (texts: readonly string[]) =>
    aligned
      .map(({ align }, index) => pad(texts[index] ?? '', widths[index] ?? 0, align))
      .join(' '.repeat(GAP))
      .trimEnd()
  return all.flatMap(linesOf).map(lineOf).join('\n')
}

/** Does the same of texts without colours that came from elsewhere: a row stays one line, whatever they hold. */
export function plainTable(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const shown = (texts: readonly string[]) => texts.map((text) => visible(text))
  return textTable(shown(titles), rows.map(shown))
}

/** Returns the lines of a row: as many as its longest text has. */
function linesOf(row: readonly string[]): string[][] {
  const cells = row.map((text) => text.split('\n'))
  const height = Math.max(1, ...cells.map((lines) => lines.length))
  return Array.from({ length: height }, (_, nth) => cells.map((lines) => lines[nth] ?? ''))
}

function pad(text: string, width: number, align: TextColumn['align']): string {
  const blanks = ' '.repeat(width - textWidth(text))
  return align === 'right' ? blanks + text : text + blanks
}
