import { formatValue } from '../format.ts'
import type { Panel } from '../summary/types.ts'
import type { Sentence } from './sentence.ts'

/** Who is left out of the comparison by headlines, and what it pays instead. */
export function describeElsewhere(panel: Panel): Sentence[] {
  return panel.elsewhere.map(({ cell, phase }) => {
    const where = phase.phase.title.toLowerCase()
    const headline = cell.headline?.phase.title.toLowerCase() ?? ''
    const paid = formatValue(phase.value?.median ?? null, 's')
    const beside = formatValue(cell.headline?.value?.median ?? null, 's')
    const text =
      `${cell.cell.driver} pays in ${where}: ${paid}, beside ${beside} for ${headline} ` +
      `(${panel.scenario.title}, ${cell.cell.label}).`
    return { tone: 'note', scenario: panel.scenario.id, text }
  })
}
