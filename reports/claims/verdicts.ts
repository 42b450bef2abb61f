/** Verdicts as people read them. */
import type { ClaimRow, ClaimVerdict } from '../../harness/contracts/claims.ts'
import type { Run } from '../../harness/contracts/run.ts'
import { joinList, plural } from '../format/format.ts'
import { isEmulated } from '../format/host-line.ts'

/** In the order in which they are counted. */
const WORDS: Readonly<Record<ClaimVerdict, string>> = {
  true: 'true here',
  'only-if': 'true only if',
  false: 'false here',
  'not-shown': 'not shown either way',
  'not-testable': 'not testable here',
}

export function verdictText(verdict: ClaimVerdict): string {
  return WORDS[verdict]
}

/** `True only if the driver is …`: the verdict as a sentence of its own. */
export function verdictSentence({ verdict, condition }: ClaimRow): string {
  const words = upperFirst(WORDS[verdict])
  return condition === null ? words : `${words} ${condition}`
}

/** `Of 23 claims: 14 true here, 5 true under a condition …`, and what a reader must know of the machine. */
export function countsText({ host }: Pick<Run, 'host'>, rows: readonly ClaimRow[]): string {
  const counts = Object.entries(WORDS).flatMap(([verdict, words]) => {
    const count = rows.filter((row) => row.verdict === verdict).length
    if (count === 0) return []
    return [`${count} ${verdict === 'only-if' ? 'true under a condition' : words}`]
  })
  const caution = isEmulated(host)
    ? ' This machine is emulated: verdicts that rest on times say nothing of others.'
    : ''
  return `Of ${plural(rows.length, 'claim')}: ${joinList(counts)}.${caution}`
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
