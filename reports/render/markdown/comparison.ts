import { comparisonGrids } from '../tables/comparison.ts'
import { improvementLines, regressionLines } from '../../compare/lines.ts'
import { comparisonSentences } from '../../compare/sentences.ts'
import type { Comparison } from '../../compare/types.ts'
import { hostLine } from '../../format/host-line.ts'
import { RUN_STATES, runFacts } from '../../format/run-facts.ts'
import type { Summary } from '../../summary/types.ts'
import { bullets, documentOf, escapeMarkdown, gridLines } from './markdown.ts'

/** A comparison as Markdown: both runs, the verdict, each regression, a table for each scenario. */
export function comparisonMarkdown(comparison: Comparison): string {
  const { baseline, candidate } = comparison
  const sentences = comparisonSentences(comparison).map(({ text }) => text)
  return documentOf([
    '## Storage driver benchmark: two runs compared',
    '',
    runLine('Baseline', baseline),
    runLine('Candidate', candidate),
    '',
    ...bullets(sentences),
    ...section('Regressions', regressionLines(comparison)),
    ...section('Improvements', improvementLines(comparison)),
    ...comparisonGrids(comparison).flatMap(gridLines),
  ])
}

function runLine(name: string, summary: Summary): string {
  const { run } = summary
  const facts = [`run ${run.id}`, RUN_STATES[run.state], ...runFacts(summary), hostLine(run.host)]
  return `- **${name}**: ${escapeMarkdown(facts.join(' · '))}`
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `### ${title}`, '', ...bullets(lines)]
}
