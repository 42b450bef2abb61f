import type { ClaimRow } from '../../../harness/contracts/claims.ts'
import type { Run } from '../../../harness/contracts/run.ts'
import { countsText, verdictSentence } from '../../claims/verdicts.ts'
import { hostLine } from '../../format/host-line.ts'
import { timeText, tookText } from '../../format/run-facts.ts'
import { documentOf, escapeMarkdown } from './markdown.ts'

/** The claims as Markdown: the verdict first, then the claim with its source, then the figures. */
export function claimsMarkdown(run: Run, rows: readonly ClaimRow[]): string {
  const facts = [timeText(run.startedAt), ...tookText(run), hostLine(run.host), `run ${run.id}`]
  return documentOf([
    '## What is said of storage drivers, tested',
    '',
    escapeMarkdown(facts.join(' · ')),
    '',
    escapeMarkdown(countsText(run, rows)),
    '',
    '| Verdict | Claim | Figures |',
    '| --- | --- | --- |',
    ...rows.map(rowLine),
  ])
}

function rowLine(row: ClaimRow): string {
  const claim = `${escapeMarkdown(row.says)} ([${escapeMarkdown(row.source.title)}](${row.source.url}))`
  return `| ${escapeMarkdown(verdictSentence(row))} | ${claim} | ${escapeMarkdown(row.text)} |`
}
