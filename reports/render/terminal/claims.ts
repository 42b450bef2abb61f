import picocolors from 'picocolors'
import type { ClaimRow, ClaimVerdict } from '../../../harness/contracts/claims.ts'
import type { Run } from '../../../harness/contracts/run.ts'
import { textTable, textWidth } from '../../../harness/terminal/text-table.ts'
import { wrapText } from '../../../harness/terminal/wrap-text.ts'
import { countsText, verdictText } from '../../claims/verdicts.ts'
import { hostLine } from '../../format/host-line.ts'

type Colors = ReturnType<typeof picocolors.createColors>

/** Least columns for a claim; a narrower terminal wraps lines by itself. */
const LEAST = 30

/** Draws the claims on a terminal, a row each: the verdict, then the claim with its figures and its source. Ends without a newline. */
export function claimsTerminal(run: Run, rows: readonly ClaimRow[], width: number, color: boolean): string {
  const colors = picocolors.createColors(color)
  const first = rows.reduce((most, { verdict }) => Math.max(most, textWidth(verdictText(verdict))), 0)
  const room = Math.max(LEAST, width - first - 4)
  const cells = rows.map((row) => [
    paint(row.verdict, colors)(verdictText(row.verdict)),
    [...claimLines(row, room, colors), ''].join('\n'),
  ])
  const columns = ['Verdict', 'Claim'].map((title) => ({ title: colors.dim(title), align: 'left' as const }))
  const about = wrapText(`${countsText(run, rows)} On ${hostLine(run.host)}.`, width)
  return [textTable(columns, cells).trimEnd(), '', ...about].join('\n')
}

function claimLines(
  { says, condition, text, source }: ClaimRow,
  room: number,
  { bold, dim }: Colors,
): string[] {
  const wrapped = (what: string) => wrapText(what, room)
  return [
    ...wrapped(says).map(bold),
    ...(condition === null ? [] : wrapped(`Only if ${condition}.`)),
    ...wrapped(text),
    ...wrapped(source.title).map(dim),
  ]
}

function paint(verdict: ClaimVerdict, colors: Colors): (text: string) => string {
  if (verdict === 'true') return colors.green
  if (verdict === 'false') return colors.red
  return verdict === 'only-if' ? colors.yellow : colors.dim
}
