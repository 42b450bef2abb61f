import { formatInjected } from '../format/injected.ts'
import type { Panel } from '../summary/types.ts'
import { describeRatio } from './extremes.ts'
import type { Sentence } from './sentence.ts'

/** Configurations that are measured a second time under a label: what comes of comparing a thing with its equal. */
export function describeLabelled({ biggest, scenario }: Panel): Sentence[] {
  return biggest.flatMap(({ cell, control, ratio, injected }) => {
    if (control?.role !== 'driver' || ratio === null) return []
    const delay = injected === null ? '' : `, with a delay injected: ${formatInjected(injected)}`
    const text = `${cell.configuration} against its equal, ${control.configuration}${delay}: ${describeRatio(ratio)} (${cell.label}).`
    return [{ tone: 'note', scenario: scenario.id, text }]
  })
}
