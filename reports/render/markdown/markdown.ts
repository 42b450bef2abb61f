/** GitHub-flavoured Markdown, as a CI service shows it for a step. */
import { type Grid, withoutEmptyColumns } from '../tables/grid.ts'

/** Bytes of a step summary; a longer one is refused whole. https://docs.github.com/actions, "Job summaries". */
export const STEP_SUMMARY_LIMIT = 1024 ** 2

/**
 * Text that stays itself: a backslash before ASCII punctuation takes its meaning away, that of `<` and of the pipe in a
 * table among it. CommonMark 0.31, section 2.4; GitHub Flavored Markdown, section 4.10.
 */
export function escapeMarkdown(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ').replaceAll(/[\\`*_[\]<>|~&#]/g, '\\$&')
}

export function bullets(sentences: readonly string[]): string[] {
  return sentences.map((text) => `- ${escapeMarkdown(text)}`)
}

/** A heading and the table below it, line by line. */
export function gridLines(whole: Grid): string[] {
  const grid = withoutEmptyColumns(whole)
  const line = (fields: readonly string[]) => `| ${fields.map(escapeMarkdown).join(' | ')} |`
  return [
    ...(grid.title === '' ? [] : ['', `### ${escapeMarkdown(grid.title)}`]),
    '',
    line(grid.columns.map(({ title }) => title)),
    `| ${grid.columns.map(({ align }) => (align === 'right' ? '---:' : '---')).join(' | ')} |`,
    ...grid.rows.map(line),
  ]
}

/** The lines as one text that ends with a newline; where it would pass the limit, as many as fit, and a word that it was cut. */
export function documentOf(lines: readonly string[], limit = STEP_SUMMARY_LIMIT): string {
  const sizes = lines.map((line) => Buffer.byteLength(line) + 1)
  if (sizes.reduce((sum, size) => sum + size, 0) <= limit) return `${lines.join('\n')}\n`
  const cutAfter = (kept: number) =>
    `\n_Cut: ${kept} of ${lines.length} lines fit a step summary. The whole is in the report._\n`
  const room = limit - Buffer.byteLength(cutAfter(lines.length))
  let kept = 0
  for (let used = 0; kept < lines.length; kept += 1) {
    used += sizes[kept] ?? 0
    if (used > room) break
  }
  return `${lines.slice(0, kept).join('\n')}\n${cutAfter(kept)}`
}
