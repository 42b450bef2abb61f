import Table from 'cli-table3'

const GAP = 2

/** No rules between rows and columns. */
const PLAIN = Object.fromEntries(
  ['top', 'bottom', 'left', 'right', 'mid']
    .flatMap((place) => [place, `${place}-left`, `${place}-mid`, `${place}-right`])
    .concat('middle')
    .map((place) => [place, '']),
)

/** Texts in columns below their titles. A row may be short. Ends with a newline. */
export function inColumns(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const style = { 'padding-left': 0, 'padding-right': GAP, head: [], border: [] }
  const table = new Table({ head: [...titles], chars: PLAIN, style })
  table.push(...rows.map((row) => titles.map((_, index) => row[index] ?? '')))
  const lines = table.toString().split('\n')
  return lines.map((line) => `${line.trimEnd()}\n`).join('')
}
