import type { Row } from '../harness/contracts/row.ts'
import type { Run } from '../harness/contracts/run.ts'
import type { Sample } from '../harness/contracts/sample.ts'
import { renderHtml } from './render/html/run.ts'
import { runMarkdown } from './render/markdown/run.ts'
import { summarize } from './summary/summarize.ts'
import { renderTable } from './render/terminal/run.ts'
import { verdict } from './verdict/verdict.ts'

/** A run in every form in which it can be shown; all of it is drawn from one summary. */
export interface RunReport {
  /** How many samples were taken, whatever became of them. */
  samples: number
  rows: readonly Row[]
  terminal(width: number, color: boolean): string
  markdown(): string
  html(): string
}

/** Reads the samples once, and again as far as the page carries them. Throws what reading them throws. */
export function runReport(run: Run, samples: Iterable<Sample>): RunReport {
  const summary = summarize(run, samples)
  const { completed, failed, aborted } = summary.samples
  return {
    samples: completed + failed + aborted,
    rows: summary.rows,
    terminal(width, color) {
      const sentences = verdict(summary).map(({ text }) => text)
      return [renderTable(summary, { width, color }), ...sentences].join('\n')
    },
    markdown: () => runMarkdown(summary),
    html: () => renderHtml(summary, samples),
  }
}
