/** Everything that the page of claims prints. */
import type { ClaimRow } from '../../../../harness/contracts/claims.ts'
import type { Run } from '../../../../harness/contracts/run.ts'
import { countsText, verdictText } from '../../../claims/verdicts.ts'
import { hostLine } from '../../../format/host-line.ts'
import { RUN_STATES, timeText, tookText } from '../../../format/run-facts.ts'
import type { Masthead } from '../shell.ts'
import { environment, type FactSection } from './environment.ts'
import { keepTogether } from './labels.ts'

export interface ClaimsView extends Masthead {
  counts: string
  claims: readonly ClaimView[]
  command: string
  environment: readonly FactSection[]
}

interface ClaimView {
  id: string
  /** Class of the verdict, and its words. */
  verdict: string
  words: string
  says: string
  /** Empty where the verdict has none. */
  condition: string
  text: string
  source: ClaimRow['source']
}

export function claimsView(run: Run, rows: readonly ClaimRow[]): ClaimsView {
  return {
    title: 'What is said of storage drivers, tested',
    host: hostLine(run.host),
    facts: [timeText(run.startedAt), ...tookText(run), run.id],
    state: { name: run.state, text: RUN_STATES[run.state] },
    contents: [
      { anchor: 'claims', title: 'Claims' },
      { anchor: 'environment', title: 'Environment' },
      { anchor: 'how', title: 'Method' },
    ],
    bench: run.host.bench,
    counts: countsText(run, rows),
    claims: rows.map(claimView),
    command: run.command,
    environment: environment(run.host),
  }
}

function claimView({ id, says, verdict, condition, text, source }: ClaimRow): ClaimView {
  return {
    id,
    verdict,
    words: verdictText(verdict),
    says,
    condition: condition ?? '',
    text: keepTogether(text),
    source,
  }
}
