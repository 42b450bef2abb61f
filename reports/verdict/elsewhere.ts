import { formatValue } from '../format/format.ts'
import type { Panel } from '../summary/types.ts'
import type { Sentence } from './sentence.ts'

/** Who is left out of the comparison by headlines, and what it pays instead. */
export function describeElsewhere({ scenario, elsewhere }: Panel): Sentence[] {
  return elsewhere.map(({ cell: { cell, headline }, phase }) => {
    const paid = formatValue(phase.value?.median ?? null, 's')
    const beside = formatValue(headline?.value?.median ?? null, 's')
    const text =
      `${cell.configuration} pays in ${phase.phase.id}: ${paid}, beside ${beside} in ${headline?.phase.id ?? ''} ` +
      `(${scenario.title}, ${cell.label}).`
    return { tone: 'note', scenario: scenario.id, text }
  })
}
