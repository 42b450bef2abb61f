/**
 * `npm run simulate`: what the intervals and tests of this room make of noise whose truth is known, in Markdown. The
 * figures are the same every time; only the time it takes differs.
 */
import { performance } from 'node:perf_hooks'
import { DRAWS } from './monte-carlo.ts'
import type { Table } from './table.ts'
import { TABLES } from './tables.ts'

const begun = performance.now()
for (const table of TABLES) print(`${markdown(table())}\n`)
print(`${DRAWS} draws each, ${((performance.now() - begun) / 1000).toFixed(0)} s in all.`)

function markdown({ title, head, rows }: Table): string {
  const line = (fields: readonly string[]) => `| ${fields.join(' | ')} |`
  return [`### ${title}`, '', line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
