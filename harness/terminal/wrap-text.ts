import { textWidth } from './text-table.ts'

/** A space, but not one between a number and its unit. */
const BREAK = / (?!(?:[mµn]?s|[KMGT]?i?B|min|IOPS)\b)/

/** Breaks a text without escape sequences between words into lines of at most `width` columns; a longer word stays whole. */
export function wrapText(text: string, width: number, indent = ''): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(BREAK)) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line !== '' && textWidth(longer) > width) {
      lines.push(line)
      line = indent + word
    } else line = longer
  }
  return [...lines, line]
}
