/** Judges claims by a run. Pure. */
import type { ClaimRow } from '../../harness/contracts/claims.ts'
import type { Run } from '../../harness/contracts/run.ts'
import type { Sample } from '../../harness/contracts/sample.ts'
import { judgeTogether, type Comparison } from '../summary/ratio.ts'
import { createLook, type Look } from './look.ts'
import { Missing } from './measured.ts'
import type { Claim, Judged } from './types.ts'

/** Fewest samples of a cell by which anything is said. */
const FEWEST_SAMPLES = 2

/**
 * Judges each claim. All comparisons of all of them are judged together, so that the probability of any false difference
 * stays that of one run.
 */
export function judgeClaims(claims: readonly Claim[], run: Run, samples: Iterable<Sample>): ClaimRow[] {
  const byCell = completedByCell(samples)
  const made = new Map<string, Comparison>()
  const collecting = createLook(run, byCell, made, null)
  for (const claim of claims) judgeOne(claim, collecting)
  const judged = judgeTogether(made, run.options)
  const look = createLook(run, byCell, made, judged)
  return claims.map((claim) => rowOf(claim, judgeOne(claim, look)))
}

function completedByCell(samples: Iterable<Sample>): Map<string, Sample[]> {
  const byCell = new Map<string, Sample[]>()
  for (const sample of samples) {
    if (sample.state !== 'completed') continue
    const own = byCell.get(sample.cell) ?? []
    own.push(sample)
    byCell.set(sample.cell, own)
  }
  for (const [cell, own] of byCell) if (own.length < FEWEST_SAMPLES) byCell.delete(cell)
  return byCell
}

function judgeOne(claim: Claim, look: Look): Judged {
  try {
    return claim.judge(look)
  } catch (error) {
    if (!(error instanceof Missing)) throw error
    return { verdict: 'not-testable', text: `Not testable here because ${error.message}.` }
  }
}

function rowOf({ id, says, source }: Claim, { verdict, condition, text }: Judged): ClaimRow {
  return { id, says, source, verdict, condition: condition ?? null, text }
}
