/** Why cells were not measured, a line for each reason. */
import { joinList } from '../format/format.ts'
import { groupBy } from '../summary/group-by.ts'
import type { CellSummary, Summary } from '../summary/types.ts'
import type { Sentence } from './sentence.ts'

/** Returns, for a run without a single completed sample, that nothing was measured, and why; empty for any other run. */
export function describeNothing({ cells, samples, run }: Summary): Sentence[] {
  if (samples.completed > 0 || run.state === 'running') return []
  const lines = ['Nothing was measured.', ...unmeasuredLines(cells)]
  return lines.map((text) => ({ tone: 'alarm', scenario: null, text }))
}

/** `Unsupported: this kernel has no zfs: bare@zfs and zfs; install OpenZFS`, a line for each reason. */
export function unmeasuredLines(cells: readonly CellSummary[]): string[] {
  const ended = cells.filter(({ state }) => state === 'unsupported' || state === 'failed')
  const byReason = groupBy(ended, ({ state, reason, hint }) => JSON.stringify([state, reason, hint]))
  return [...byReason.values()].map((own) => {
    const [first] = own as [CellSummary, ...CellSummary[]]
    const where = joinList([...new Set(own.map(({ cell }) => cell.configuration))])
    const state = first.state === 'failed' ? 'Failed' : 'Unsupported'
    const line = `${state}: ${first.reason ?? 'no reason was recorded'}: ${where}`
    return first.hint ? `${line}; ${first.hint}` : line
  })
}
